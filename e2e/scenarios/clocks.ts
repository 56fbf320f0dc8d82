import { gatePolicy } from '../../lib/model/policy-names';
import type { KubeObject } from '../harness/api';
import { check, same } from '../harness/check';
import type { Cluster } from '../harness/cluster';
import { admitted, generatedFor, pvc, pvcRef, refused } from '../harness/pvc';
import { scenario, type Scenario } from '../harness/scenario';
import { folderObjects } from '../harness/tree';
import { eventually } from '../harness/waiting';
import { annotation, backupLabel } from '../../lib/model/naming';
import { scheduleOf, schedules } from './changes';

const clock = 'time_now_utc()';

/** The gate as it is in the tree. */
function gate(): KubeObject {
  const found = folderObjects('infrastructure/controllers/kyverno').find(
    ({ kind, metadata }) => kind === 'ClusterPolicy' && metadata.name === gatePolicy,
  );
  if (found === undefined) throw new Error(`the tree has no policy ${gatePolicy}`);
  return found;
}

/**
 * Puts Kyverno's clock off, where our policies read it. Kyverno is one static program, so the machine's own clock can't be put off for it alone: Go asks the kernel
 * without the C library, and Linux has time namespaces for uptimes only.
 */
async function putClockOff(cluster: Cluster, by: string | undefined): Promise<void> {
  const text = JSON.stringify(gate());
  check(text.includes(clock), `the gate does not read the clock with ${clock}`);
  const shifted = by === undefined ? text : text.replaceAll(clock, `time_add(${clock}, '${by}')`);
  await cluster.applyAll([JSON.parse(shifted) as KubeObject]);
}

export const clockScenarios: readonly Scenario[] = [
  scenario(
    "Kyverno's clock is ten minutes off: labelled PVCs are refused with words about clocks, and nothing else is disturbed",
    async (cluster) => {
      const ns = await cluster.namespace('clocks');
      cluster.plumberEndpoint.putBackup(ns, 'back');
      const old = admitted(await cluster.api.create(pvc(ns, 'old')));
      await generatedFor(cluster, old);
      const skip = { [annotation.skipRestore]: 'true', [annotation.skipRestoreReason]: 'the clock is off' };
      const shapes = [pvc(ns, 'new'), pvc(ns, 'back'), pvc(ns, 'back', { annotations: skip })];
      const takes = (reason: string, holds: () => Promise<boolean>): Promise<true> => eventually(reason, 30, async () => (await holds()) && true);
      const dryRun = (object: object): Promise<{ readonly status: number; readonly message: string }> => cluster.api.create(object, '&dryRun=All');
      try {
        for (const [by, schedule] of [
          ['10m', 'daily'],
          ['-10m', 'hourly'],
        ] as const) {
          await putClockOff(cluster, by);
          await takes(`the gate's clock is off by ${by}`, async () => (await dryRun(shapes[0]!)).status === 422);
          for (const shape of shapes) {
            const reply = await cluster.api.create(shape);
            refused(reply, 'otherCreation');
            check(/clocks of its node and of the API server differ/.test(reply.message), `nothing is said of clocks: ${reply.message}`);
          }
          admitted(await cluster.api.create(pvc(ns, `without-label${by}`.replace('-1', '-less-1'), { backup: null })));
          await cluster.api.patch(pvcRef(ns, 'old'), { metadata: { labels: { [backupLabel]: schedule } } });
          await eventually('the schedule of the new label', 60, async () => (await scheduleOf(cluster, ns, 'old')) === schedules[schedule]);
        }
        // As far off as nodes with NTP never are, and the slowest admission with it.
        for (const by of ['4m', '-4m']) {
          await putClockOff(cluster, by);
          await takes(`a clock that is off by ${by} disturbs nothing`, async () => (await dryRun(shapes[1]!)).status === 201);
        }
      } finally {
        await putClockOff(cluster, undefined);
      }
      await takes('the clock is right again', async () => (await dryRun(shapes[0]!)).status === 201);
      const back = admitted(await cluster.api.create(pvc(ns, 'back')));
      same(back.metadata.annotations?.[annotation.decision], 'restore', 'the decision');
    },
  ),
];
