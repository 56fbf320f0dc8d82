import pLimit from 'p-limit';
import type { DataScenario } from './data-scenario';
import { Environment } from './environment';
import type { Scenario } from './scenario';
import type { Report } from './report';
import { TestContext } from './test-context';
import { Cluster } from './cluster';
import { unfinished } from './unfinished';

const applied = 'the tree is applied in the order of its waves, and Kyverno serves its policies';

/** How many parallel scenarios are played at a time: those of PVCs mostly wait, those of data keep two cores busy with Kopia. */
const sideBySide = { pvcs: 8, data: 4 } as const;

/** Plays scenarios of PVCs on one cluster, in their order; parallel ones that follow one another side by side. */
export async function playScenarios(report: Report, scenarios: readonly Scenario[]): Promise<void> {
  if (scenarios.length === 0) return;
  const cluster = await Cluster.start();
  const limit = pLimit(sideBySide.pvcs);
  const one = async ({ name, play }: Scenario): Promise<void> => {
    if ((await report.line(name, () => play(cluster))) === undefined) console.log(cluster.plumberEndpoint.lastWords);
  };
  try {
    if ((await report.line(applied, () => cluster.applyTree({ early: true }))) === undefined) return;
    for (const group of groups(scenarios)) await limit.map(group, one);
  } finally {
    await cluster.stop();
  }
}

/** Neighbours that are parallel stand together, each of the others stands for itself. */
function groups(scenarios: readonly Scenario[]): Scenario[][] {
  const all: Scenario[][] = [];
  for (const each of scenarios) {
    const last = all.at(-1);
    if (each.parallel && last?.[0]?.parallel === true) last.push(each);
    else all.push([each]);
  }
  return all;
}

interface Part {
  readonly scenario: DataScenario;
  readonly context: TestContext;
}

/**
 * Plays scenarios of data before one store, and prints what was compared: first the parallel ones, side by side and beside what the others need; then each of
 * the others for itself.
 */
export async function playDataScenarios(report: Report, scenarios: readonly DataScenario[]): Promise<void> {
  if (scenarios.length === 0) return;
  const environment = await Environment.start();
  const rows: string[] = [];
  const prepared = new Map<DataScenario, Promise<void>>();
  const prepare = ({ scenario, context }: Part): Promise<void> => {
    const done = scenario.prepare?.(context) ?? Promise.resolve();
    prepared.set(scenario, done);
    return done;
  };
  const play = async ({ scenario, context }: Part): Promise<void> => {
    const seconds = await report.line(scenario.name, async () => {
      await prepared.get(scenario);
      return scenario.play(context);
    });
    if (seconds === undefined) {
      console.log(environment.cluster.plumberEndpoint.lastWords);
      // It may be the API server that is away.
      console.log(await unfinished(environment.cluster).catch((error: Error) => `         not finished: nobody knows, ${error.message}`));
    }
    rows.push(row(scenario, context.compared, seconds));
  };
  try {
    if ((await report.line(`${applied}; with VolSync, External Secrets and an S3 server`, () => environment.cluster.applyTree())) === undefined)
      return;
    const parts = scenarios.map((scenario): Part => ({ scenario, context: new TestContext(environment) }));
    const parallel = parts.filter(({ scenario }) => scenario.parallel === true);
    const others = parts.filter(({ scenario }) => scenario.parallel !== true);
    const limit = pLimit(sideBySide.data);
    await Promise.allSettled([...parallel.map((part) => limit(play, part)), ...others.map((part) => limit(prepare, part))]);
    for (const part of others) await play(part);
  } finally {
    await environment.stop();
  }
  console.log(`\nPVCs  MB equal   seconds  scenario\n${rows.join('\n')}\n`);
}

function row({ name, pvcs }: DataScenario, compared: number, seconds: number | undefined): string {
  const cells = [String(pvcs).padStart(4), (compared / 1e6).toFixed(1).padStart(10), seconds?.toFixed(1).padStart(8) ?? '  FAILED'];
  return `${cells.join('  ')}  ${name}`;
}
