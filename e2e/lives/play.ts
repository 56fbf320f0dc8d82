import pLimit from 'p-limit';
import type { DataLife } from '../harness/data-life';
import { Ground } from '../harness/ground';
import type { Life } from '../harness/life';
import type { Report } from '../harness/report';
import { Stage } from '../harness/stage';
import { World } from '../harness/world';

const applied = 'the tree is applied in the order of its waves, and Kyverno serves its policies';

/** How many calm lives are played at a time: those of PVCs mostly wait, those of data keep two cores busy with Kopia. */
const sideBySide = { pvcs: 8, data: 4 } as const;

/** Plays lives of PVCs on one cluster, in their order; calm ones that follow one another side by side. */
export async function playLives(report: Report, lives: readonly Life[]): Promise<void> {
  if (lives.length === 0) return;
  const world = await World.start();
  const limit = pLimit(sideBySide.pvcs);
  const one = async ({ name, play }: Life): Promise<void> => {
    if ((await report.line(name, () => play(world))) === undefined) console.log(world.door.lastWords);
  };
  try {
    if ((await report.line(applied, () => world.applyTree({ early: true }))) === undefined) return;
    for (const group of groups(lives)) await limit.map(group, one);
  } finally {
    await world.stop();
  }
}

/** Neighbours that are calm stand together, each other life for itself. */
function groups(lives: readonly Life[]): Life[][] {
  const all: Life[][] = [];
  for (const each of lives) {
    const last = all.at(-1);
    if (each.calm && last?.[0]?.calm === true) last.push(each);
    else all.push([each]);
  }
  return all;
}

interface Part {
  readonly life: DataLife;
  readonly stage: Stage;
}

/**
 * Plays lives of data before one store, and prints what was compared: first the calm ones, side by side and beside what the others need; then each of
 * the others for itself.
 */
export async function playDataLives(report: Report, lives: readonly DataLife[]): Promise<void> {
  if (lives.length === 0) return;
  const ground = await Ground.start();
  const rows: string[] = [];
  const prepared = new Map<DataLife, Promise<void>>();
  const prepare = ({ life, stage }: Part): Promise<void> => {
    const done = life.prepare?.(stage) ?? Promise.resolve();
    prepared.set(life, done);
    return done;
  };
  const play = async ({ life, stage }: Part): Promise<void> => {
    const seconds = await report.line(life.name, async () => {
      await prepared.get(life);
      return life.play(stage);
    });
    if (seconds === undefined) console.log(ground.world.door.lastWords);
    rows.push(row(life, stage.compared, seconds));
  };
  try {
    if ((await report.line(`${applied}; with VolSync, External Secrets and an S3 server`, () => ground.world.applyTree())) === undefined) return;
    const parts = lives.map((life): Part => ({ life, stage: new Stage(ground) }));
    const calm = parts.filter(({ life }) => life.calm === true);
    const others = parts.filter(({ life }) => life.calm !== true);
    const limit = pLimit(sideBySide.data);
    await Promise.allSettled([...calm.map((part) => limit(play, part)), ...others.map((part) => limit(prepare, part))]);
    for (const part of others) await play(part);
  } finally {
    await ground.stop();
  }
  console.log(`\nPVCs  MB equal   seconds  life\n${rows.join('\n')}\n`);
}

function row({ name, pvcs }: DataLife, compared: number, seconds: number | undefined): string {
  const cells = [String(pvcs).padStart(4), (compared / 1e6).toFixed(1).padStart(10), seconds?.toFixed(1).padStart(8) ?? '  FAILED'];
  return `${cells.join('  ')}  ${name}`;
}
