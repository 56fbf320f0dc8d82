import { signalProgram } from '../harness/daemon';
import { sleep } from '../harness/waiting';
import type { Cluster } from '../harness/cluster';

const apiServer = 'kube-apiserver';
const slowedMs = 500;

/** So long UpdateRequests are still deleted when the last PVC is admitted: those of the first updates of a PVC would make up for what was lost. */
const longerMs = 3000;

/** What goes wrong during a storm. @param loaded resolves when all PVCs are admitted @returns a remark */
type Fault = (cluster: Cluster, random: () => number, loaded: Promise<unknown>) => Promise<string>;

/** Some of Kyverno's controllers die, and come back as a kubelet brings them. */
const killed: Fault = async ({ kyverno }, random) => {
  const chosen = kyverno.daemons.filter(() => random() < 0.6);
  const victims = chosen.length === 0 ? kyverno.daemons : chosen;
  await Promise.all(victims.map((daemon) => daemon.stop('SIGKILL')));
  await sleep(500 + random() * 4500);
  for (const daemon of victims) daemon.start();
  return `killed ${victims.map(({ name }) => name.replace(/^kyverno-|-controller$/g, '')).join(', ')}`;
};

/** kube-apiserver gets only a part of its time. */
const slow: Fault = async (_, random) => {
  const [part, until] = [0.3 + random() * 0.4, Date.now() + 3000 + random() * 5000];
  try {
    while (Date.now() < until) {
      signalProgram(apiServer, 'SIGSTOP');
      await sleep(slowedMs * part);
      signalProgram(apiServer, 'SIGCONT');
      await sleep(slowedMs * (1 - part));
    }
  } finally {
    signalProgram(apiServer, 'SIGCONT');
  }
  return `${(part * 100).toFixed(0)} % of kube-apiserver's time taken`;
};

/** Most or all of what Kyverno was to generate is forgotten. */
const forgotten: Fault = async ({ api }, random, loaded) => {
  const part = Math.min(1, 0.6 + random() * 0.6);
  const looked = new Set<string>();
  let [until, deleted] = [Infinity, 0];
  void loaded.then(() => (until = Date.now() + longerMs));
  while (Date.now() < until) {
    const requests = await api.list('kyverno.io/v2', 'UpdateRequest', 'kyverno').catch(() => []);
    for (const { apiVersion, kind, metadata } of requests.filter(({ metadata: { name } }) => !looked.has(name))) {
      looked.add(metadata.name);
      if (random() > part) continue;
      const { status } = await api.delete({ apiVersion, kind, namespace: 'kyverno', name: metadata.name });
      if (status < 300) deleted += 1;
    }
    await sleep(50);
  }
  return `${deleted} of ${looked.size} UpdateRequests deleted`;
};

/** Plays all faults at once: UpdateRequests are deleted from the start, the others come at a moment of their own. @param withinMs how late they may begin */
export async function playFaults(cluster: Cluster, random: () => number, withinMs: number, loaded: Promise<unknown>): Promise<string> {
  const all = [
    { fault: forgotten, ms: 0 },
    { fault: killed, ms: random() * withinMs },
    { fault: slow, ms: random() * withinMs },
  ];
  return (await Promise.all(all.map(({ fault, ms }) => sleep(ms).then(() => fault(cluster, random, loaded))))).join(', ');
}
