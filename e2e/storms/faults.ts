import { signalProgram } from '../harness/daemon';
import { sleep } from '../harness/waiting';
import type { World } from '../harness/world';

const apiServer = 'kube-apiserver';
const slowedMs = 500;

/** What goes wrong during a storm. @returns a remark */
type Fault = (world: World, random: () => number) => Promise<string>;

/** Kyverno's controllers die, one after another or all, and come back as a kubelet brings them. */
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

/** Some of what Kyverno was to generate is forgotten. */
const forgotten: Fault = async ({ api }, random) => {
  const [part, until] = [0.2 + random() * 0.6, Date.now() + 4000 + random() * 4000];
  const looked = new Set<string>();
  let deleted = 0;
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
  return `${deleted} UpdateRequests deleted`;
};

/** Plays all faults, each at a moment of its own. @param withinMs how late the last may begin */
export async function playFaults(world: World, random: () => number, withinMs: number): Promise<string> {
  const moments = [killed, slow, forgotten].map((fault) => ({ fault, ms: random() * withinMs }));
  return (await Promise.all(moments.map(({ fault, ms }) => sleep(ms).then(() => fault(world, random))))).join(', ');
}
