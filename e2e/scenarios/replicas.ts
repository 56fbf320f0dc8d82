import pLimit from 'p-limit';
import { check, same } from '../harness/check';
import type { Cluster } from '../harness/cluster';
import type { KubeObject } from '../harness/api';
import { KyvernoReplicas } from '../harness/kyverno-replicas';
import { decisionOf, generatedFor, pvc } from '../harness/pvc';
import { scenario, type Scenario } from '../harness/scenario';
import { eventually, sleep } from '../harness/waiting';

const count = 80;
/** Creations at a time. */
const atOnce = 12;

interface Created {
  readonly live: KubeObject;
  readonly refusals: readonly string[];
}

/** Creates a PVC until it is admitted, as Argo CD does. */
async function create(cluster: Cluster, namespace: string, name: string): Promise<Created> {
  const refusals: string[] = [];
  const live = await eventually(
    `${namespace}/${name} is admitted`,
    120,
    async () => {
      const reply = await cluster.api.create(pvc(namespace, name));
      if (reply.status === 201) return reply.body;
      refusals.push(reply.message);
      return undefined;
    },
    500,
  );
  return { live, refusals };
}

/** A burst of PVCs, every second one with a backup, in the middle of which something happens. */
async function burst(cluster: Cluster, namespace: string, happens: () => Promise<unknown>): Promise<string> {
  const ns = await cluster.namespace(namespace);
  const names = Array.from({ length: count }, (_, i) => `data-${i}`);
  const hasBackup = (name: string): boolean => Number(name.slice(5)) % 2 === 0;
  for (const name of names.filter(hasBackup)) cluster.plumberEndpoint.putBackup(ns, name);
  const limit = pLimit(atOnce);
  const begun = Date.now();
  const all = Promise.all(names.map((name) => limit(create, cluster, ns, name)));
  await sleep(1000);
  await happens();
  const created = await all;
  const admitted = Date.now();
  for (const [i, { live }] of created.entries()) same(decisionOf(live), hasBackup(names[i]!) ? 'restore' : 'fresh', `the decision about ${names[i]}`);
  const refusals = created.flatMap((each) => each.refusals);
  check(
    refusals.every((message) => /kyverno|volsync-pvc-backup/.test(message)),
    `a refusal names nobody: ${refusals.find((message) => !/kyverno|volsync-pvc-backup/.test(message))}`,
  );
  await Promise.all(created.map(({ live }) => generatedFor(cluster, live, 120)));
  const seconds = (from: number, to: number): string => ((to - from) / 1000).toFixed(1);
  return `${count} admitted after ${seconds(begun, admitted)} s with ${refusals.length} refusals, all complete ${seconds(admitted, Date.now())} s later`;
}

export const replicaScenarios: readonly Scenario[] = [
  scenario(
    'two replicas of Kyverno, and the leaders die in the middle of a burst: every decision is right, and every PVC is complete',
    async (cluster) => {
      const replicas = await KyvernoReplicas.start(cluster);
      try {
        let said = '';
        const words = await burst(cluster, 'leader-change', async () => {
          const [admission, background] = [await replicas.killLeader('admission'), await replicas.killLeader('background')];
          check((await replicas.leader('background')) !== background, 'the dead background controller still leads');
          check((await replicas.leader('admission')) !== admission, 'the dead admission controller still leads');
          said = `${admission} and ${background} died`;
        });
        return `${said}; ${words}`;
      } finally {
        await replicas.stop();
      }
    },
  ),
];
