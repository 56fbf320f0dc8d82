import { backupLabel } from '../../lib/model/naming';
import { check } from '../harness/check';
import { life, type Life } from '../harness/life';
import { OtherWebhook } from '../harness/other-webhook';
import { admitted, childrenOf, pvc, pvcRef } from '../harness/pvc';
import { eventually, sleep } from '../harness/waiting';
import { scheduleOf, schedules } from './changes';

/** What Kyverno misses while it is away, or gives up. */
export const awayLives: readonly Life[] = [
  life('labels changed and given while Kyverno was away: made up for when it is back', async (world) => {
    const ns = await world.namespace('away');
    const live = admitted(await world.api.create(pvc(ns, 'data')));
    await childrenOf(world, live);
    const later = admitted(await world.api.create(pvc(ns, 'later', { backup: null })));
    await world.kyverno.stop('SIGKILL');
    await world.api.patch(pvcRef(ns, 'data'), { metadata: { labels: { [backupLabel]: 'daily' } } });
    await world.api.patch(pvcRef(ns, 'later'), { metadata: { labels: { [backupLabel]: 'daily' } } });
    await world.kyverno.start();
    await childrenOf(world, later, 120);
    await eventually('the schedule of the new label', 120, async () => (await scheduleOf(world, ns, 'data')) === schedules.daily);
  }),
  life('a slow webhook of somebody else holds the PVC up until Kyverno gave its generation up: the children come', async (world) => {
    const ns = await world.namespace('held-up');
    const answer = async (): Promise<undefined> => sleep(4000).then(() => undefined);
    const other = await OtherWebhook.start(world, ns, { kind: 'ValidatingWebhookConfiguration', answer });
    try {
      world.door.putBackup(ns, 'back');
      const replies = await Promise.all(['new', 'back'].map((name) => world.api.create(pvc(ns, name))));
      check(
        replies.every(({ ms }) => ms > 4000),
        'the webhook is asked',
      );
      for (const reply of replies) await childrenOf(world, admitted(reply), 120);
    } finally {
      await other.stop();
    }
  }),
  life('Kyverno restarted between admission and generation: the children come', async (world) => {
    const ns = await world.namespace('restarted');
    await world.kyverno.stopBackground();
    const live = admitted(await world.api.create(pvc(ns, 'data')));
    await sleep(1000);
    await world.kyverno.stop('SIGKILL');
    await world.kyverno.start();
    await childrenOf(world, live, 120);
  }),
];
