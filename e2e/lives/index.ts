import type { Life } from '../harness/life';
import { againLives, laterLives } from './again';
import { awayLives } from './away';
import { backstopLives } from './backstop';
import { basicLives } from './basic';
import { changeLives } from './changes';
import { cleanupLives } from './cleanup';
import { earlyLives } from './early';
import { forgedLives } from './forged';
import { moverLives } from './movers';
import { movingLives } from './moving-the-store';
import { nameLives } from './names';
import { proofLives } from './proof';
import { shapeLives } from './shape';
import { stormLives } from './storm';
import { twiceLives } from './twice';
import { upgradeLives } from './upgrade';

/** Calm ones stand together. The storm comes last: what it leaves would slow down every later life that changes a policy. */
export const lives: readonly Life[] = [
  ...shapeLives,
  ...earlyLives,
  ...againLives,
  ...changeLives,
  ...nameLives,
  ...basicLives,
  ...moverLives,
  ...cleanupLives,
  ...twiceLives,
  ...awayLives,
  ...forgedLives,
  ...backstopLives,
  ...proofLives,
  ...laterLives,
  ...upgradeLives,
  ...movingLives,
  ...stormLives,
];
