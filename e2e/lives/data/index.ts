import type { DataLife } from '../../harness/data-life';
import { returnLives } from './return';

export const dataLives: readonly DataLife[] = [...returnLives];
