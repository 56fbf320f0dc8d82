import { backupLabel } from '../../lib/model/naming';
import { check, same } from '../harness/check';
import { scenario, type Scenario } from '../harness/scenario';
import { OtherWebhook } from '../harness/other-webhook';
import { admitted, generatedFor, pvc, pvcRef } from '../harness/pvc';
import { eventually, sleep } from '../harness/waiting';
import { scheduleOf, schedules } from './changes';

/** What Kyverno misses while it is away, or gives up. */
export const awayScenarios: readonly Scenario[] = [
  scenario('labels changed and given while Kyverno was away: made up for when it is back', async (cluster) => {
    const ns = await cluster.namespace('away');
    const live = admitted(await cluster.api.create(pvc(ns, 'data')));
    await generatedFor(cluster, live);
    const later = admitted(await cluster.api.create(pvc(ns, 'later', { backup: null })));
    await cluster.kyverno.stop('SIGKILL');
    await cluster.api.patch(pvcRef(ns, 'data'), { metadata: { labels: { [backupLabel]: 'daily' } } });
    const give = async (): Promise<number> =>
      (await cluster.api.patch(pvcRef(ns, 'later'), { metadata: { labels: { [backupLabel]: 'daily' } } })).status;
    same(await give(), 422, 'the status of a label that nobody can decide about');
    await cluster.kyverno.start();
    await eventually('the label is given', 60, async () => (await give()) === 200);
    await generatedFor(cluster, later, 120);
    await eventually('the schedule of the new label', 120, async () => (await scheduleOf(cluster, ns, 'data')) === schedules.daily);
  }),
  scenario('a slow webhook of somebody else holds the PVC up until Kyverno gave its generation up: the resources come', async (cluster) => {
    const ns = await cluster.namespace('held-up');
    const answer = async (): Promise<undefined> => sleep(4000).then(() => undefined);
    const other = await OtherWebhook.start(cluster, ns, { kind: 'ValidatingWebhookConfiguration', answer });
    try {
      cluster.plumberEndpoint.putBackup(ns, 'back');
      const replies = await Promise.all(['new', 'back'].map((name) => cluster.api.create(pvc(ns, name))));
      check(
        replies.every(({ ms }) => ms > 4000),
        'the webhook is asked',
      );
      for (const reply of replies) await generatedFor(cluster, admitted(reply), 120);
    } finally {
      await other.stop();
    }
  }),
  scenario('Kyverno restarted between admission and generation: the resources come', async (cluster) => {
    const ns = await cluster.namespace('restarted');
    await cluster.kyverno.stopBackground();
    const live = admitted(await cluster.api.create(pvc(ns, 'data')));
    await sleep(1000);
    await cluster.kyverno.stop('SIGKILL');
    await cluster.kyverno.start();
    await generatedFor(cluster, live, 120);
  }),
];
