import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratchFolder } from '../support/scratch';

/** The harness outside of its sandbox: only its folder is there. */
const folder = scratchFolder();
process.env['ZERO_TOUCH_PVC_E2E_SANDBOX'] = folder;

type Harness = typeof import('../../e2e/harness/daemon') & typeof import('../../e2e/harness/waiting');
const harness = (): Harness => ({
  // eslint-disable-next-line typescript/no-require-imports -- after the folder is set
  ...(require('../../e2e/harness/daemon') as Harness),
  // eslint-disable-next-line typescript/no-require-imports -- after the folder is set
  ...(require('../../e2e/harness/waiting') as Harness),
});

const said: string[] = [];
beforeEach(() => {
  said.length = 0;
  jest.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line));
});
afterEach(() => jest.restoreAllMocks());

function script(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test('a program that dies is said at once, with its last lines, and is started again', async () => {
  const { Daemon, eventually, deathsSince } = harness();
  const begun = Date.now();
  const path = script(
    'once',
    `if [ -e ${folder}/lived ]; then exec sleep 60; fi; touch ${folder}/lived; echo working; echo "fatal error: concurrent map writes" >&2; for i in $(seq 50); do echo "goroutine $i"; done; exit 2`,
  );
  const daemon = new Daemon('external-secrets', 'sh', [path]);
  try {
    daemon.start();
    await eventually('it was said', 10, async () => said.length > 0, 10);
    expect(said[0]).toMatch(
      /^ {9}external-secrets ended by itself \(exit code 2, after \d s\); it is started again at once\. Its last lines:\n +fatal error: concurrent map writes\n +goroutine 1\n/,
    );
    await eventually('it runs again', 10, async () => daemon.running, 10);
    expect(deathsSince(begun)).toMatch(/^external-secrets ended by itself \(exit code 2, after \d s\)$/);
  } finally {
    await daemon.stop('SIGKILL');
  }
  expect(said.length).toBe(1);
});

test('what waits in vain says what died meanwhile; one that dies again waits as a kubelet does', async () => {
  const { Daemon, eventually } = harness();
  const daemon = new Daemon('volsync', 'sh', [script('never', 'echo "bad flag"; exit 64')]);
  try {
    daemon.start();
    await expect(eventually('VolSync answers', 1, async () => false, 10)).rejects.toThrow(
      /after 1 s there is still not: VolSync answers; meanwhile volsync ended by itself \(exit code 64, after 0 s\), volsync ended/,
    );
    expect(said.map((line) => /started again ([^.]*)\./.exec(line)?.[1])).toEqual(['at once', 'in 10 s']);
    expect(said[1]).toContain('bad flag');
  } finally {
    await daemon.stop('SIGKILL');
  }
});

test('a program that is stopped, or that is not there, is not started behind anybody’s back', async () => {
  const { Daemon, eventually, sleep } = harness();
  const stopped = new Daemon('etcd', 'sleep', ['60']);
  stopped.start();
  await stopped.stop('SIGKILL');
  const missing = new Daemon('kopia', join(folder, 'nowhere'), []);
  missing.start();
  await eventually('it was said', 10, async () => said.length > 0, 10);
  await missing.stop();
  await sleep(100);
  expect([stopped.running, missing.running]).toEqual([false, false]);
  expect(said.every((line) => line.includes('kopia ended by itself (spawn') && line.includes('ENOENT'))).toBe(true);
});

test('the programs that run are known by name, and a signal reaches the one that runs now', async () => {
  const { Daemon, eventually, runningPrograms, signalProgram } = harness();
  const daemon = new Daemon('kube-apiserver', 'sleep', ['60']);
  daemon.start();
  const first = runningPrograms().get('kube-apiserver');
  await daemon.stop('SIGKILL');
  expect(runningPrograms().has('kube-apiserver')).toBe(false);
  signalProgram('kube-apiserver', 'SIGSTOP');
  daemon.start();
  try {
    const second = runningPrograms().get('kube-apiserver');
    expect(second).toBe(daemon.pid);
    expect(second).not.toBe(first);
    signalProgram('kube-apiserver', 'SIGSTOP');
    await eventually('it is stopped', 5, async () => / T /.test(readFileSync(`/proc/${second}/stat`, 'utf8')), 10);
  } finally {
    await daemon.stop('SIGKILL');
  }
  expect(said).toEqual([]);
});
