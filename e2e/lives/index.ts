import type { Life } from '../harness/life';
import { againLives } from './again';
import { backstopLives } from './backstop';
import { basicLives } from './basic';
import { changeLives } from './changes';
import { earlyLives } from './early';
import { forgedLives } from './forged';
import { nameLives } from './names';
import { proofLives } from './proof';
import { shapeLives } from './shape';
import { stormLives } from './storm';
import { twiceLives } from './twice';
import { upgradeLives } from './upgrade';

export const lives: readonly Life[] = [
  ...earlyLives,
  ...shapeLives,
  ...basicLives,
  ...nameLives,
  ...twiceLives,
  ...changeLives,
  ...againLives,
  ...forgedLives,
  ...backstopLives,
  ...proofLives,
  ...stormLives,
  ...upgradeLives,
];
