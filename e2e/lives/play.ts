import type { DataLife } from '../harness/data-life';
import type { Life } from '../harness/life';
import type { Report } from '../harness/report';
import { Stage } from '../harness/stage';
import { World } from '../harness/world';

const applied = 'the tree is applied in the order of its waves, and Kyverno serves its policies';

/** Plays lives of PVCs, one after another on one cluster. */
export async function playLives(report: Report, lives: readonly Life[]): Promise<void> {
  if (lives.length === 0) return;
  const world = await World.start();
  try {
    if ((await report.line(applied, () => world.applyTree({ early: true }))) === undefined) return;
    for (const { name, play } of lives) if ((await report.line(name, () => play(world))) === undefined) console.log(world.door.lastWords);
  } finally {
    await world.stop();
  }
}

/** Plays lives of data, one after another before one store, and prints what was compared. */
export async function playDataLives(report: Report, lives: readonly DataLife[]): Promise<void> {
  if (lives.length === 0) return;
  const stage = await Stage.start();
  const rows: string[] = [];
  try {
    if ((await report.line(`${applied}; with VolSync, External Secrets and an S3 server`, () => stage.world.applyTree())) === undefined) return;
    for (const { name, pvcs, play } of lives) {
      const before = stage.compared;
      const seconds = await report.line(name, () => play(stage));
      if (seconds === undefined) console.log(stage.world.door.lastWords);
      const cells = [
        String(pvcs).padStart(4),
        ((stage.compared - before) / 1e6).toFixed(1).padStart(10),
        seconds?.toFixed(1).padStart(8) ?? '  FAILED',
      ];
      rows.push(`${cells.join('  ')}  ${name}`);
    }
  } finally {
    await stage.stop();
  }
  console.log(`\nPVCs  MB equal   seconds  life\n${rows.join('\n')}\n`);
}
