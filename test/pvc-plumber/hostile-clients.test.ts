import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { plumber as names } from '../../lib/model/naming';
import { timeouts } from '../../lib/model/timeouts';
import { homelab } from '../../examples/homelab/site';
import { buildTree } from '../../lib';
import { maxRequestBytes, parseRequest } from '../../pvc-plumber/http/request';
import { PlumberProcess } from '../support/plumber-process';
import { newS3, stopAll } from '../support/plumber-fixture';
import { pause, RawClient } from '../support/raw-client';
import { filledKopiaBlobs, putBlobs } from '../../pvc-plumber/testing/repositories';
import type { FakeS3 } from '../../pvc-plumber/testing/server';

// Each test starts a process, on machines that may be busy.
jest.setTimeout(60_000);

let s3: FakeS3;
let plumber: PlumberProcess;
const clients: RawClient[] = [];

async function start(env: Record<string, string> = {}): Promise<void> {
  s3 = await newS3();
  plumber = await PlumberProcess.start(s3.endpoint, { BUDGET_MS: String(timeouts.plumberBudgetMs), ...env }, names.nodeFlags);
}

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await plumber.stop('SIGKILL');
  await stopAll();
});

async function open(): Promise<RawClient> {
  const client = await RawClient.open(Number(new URL(plumber.origin).port));
  clients.push(client);
  return client;
}

function question(path: string, headers = ''): string {
  return `GET ${path} HTTP/1.1\r\nhost: pvc-plumber\r\n${headers}\r\n`;
}

/** Limit of the container as it is rendered, in MiB. */
function containerLimit(): number {
  const [deployment] = (buildTree(homelab).render().get('infrastructure/controllers/pvc-plumber/deployment.yaml')?.objects ?? []).filter(
    ({ kind }) => kind === 'Deployment',
  ) as unknown as { spec: { template: { spec: { containers: { resources: { limits: { memory: string } } }[] } } } }[];
  const memory = deployment?.spec.template.spec.containers[0]?.resources.limits.memory ?? '';
  expect(memory).toMatch(/^\d+Mi$/);
  return Number.parseInt(memory, 10);
}

/** Most memory that the process ever had, in MiB; undefined where the system does not say. */
function peakMemory(): number | undefined {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${plumber.pid}/status`, 'utf8'))?.[1]) / 1024;
  } catch {
    return undefined;
  }
}

/** While an attack goes on, others get their answers: the right ones, which are given within the budget, or not at all. @returns how often they asked */
async function othersAreAnswered(attack: Promise<unknown>): Promise<number> {
  const state = { over: false };
  const ended = attack.finally(() => (state.over = true));
  let asked = 0;
  while (!state.over) {
    const answers = await Promise.all([plumber.ask('karakeep', 'data-pvc'), plumber.ask('karakeep', 'none')]);
    expect(answers.map(({ decision, reason }) => [decision, reason])).toEqual([
      ['restore', expect.any(String)],
      ['fresh', expect.any(String)],
    ]);
    asked += 1;
    await pause(50);
  }
  await ended;
  expect((await plumber.get('/healthz')).status).toBe(200);
  const peak = peakMemory();
  if (peak !== undefined) expect(peak).toBeLessThan(containerLimit());
  return asked;
}

describe('a client that asks without end and takes no answer', () => {
  const attacks: Record<string, { connections: number; text: (round: number) => string; pvcs?: number }> = {
    'one question': { connections: 1, text: () => question('/exists/karakeep/data-pvc').repeat(500) },
    metrics: { connections: 1, text: () => question('/metrics').repeat(500) },
    'metrics, many connections': { connections: 50, text: () => question('/metrics').repeat(100) },
    'metrics of two thousand PVCs, many connections': { connections: 50, text: () => question('/metrics').repeat(100), pvcs: 2000 },
    'different questions': {
      connections: 10,
      text: (round) => Array.from({ length: 300 }, (_, i) => question(`/exists/n${i % 40}/x${round}-${i}`)).join(''),
    },
    'what is not understood': { connections: 10, text: () => 'no HTTP at all\r\n\r\n'.repeat(1000) },
    'one endless header': { connections: 10, text: (round) => (round === 0 ? 'GET / HTTP/1.1\r\nhost: a\r\nx: ' : 'a'.repeat(60_000)) },
    'one endless body': {
      connections: 10,
      text: (round) => (round === 0 ? question('/exists/karakeep/data-pvc', 'transfer-encoding: chunked\r\n') : `1000\r\n${'a'.repeat(4096)}\r\n`),
    },
  };

  test.each(Object.entries(attacks))('%s', async (_name, { connections, text, pvcs = 0 }) => {
    await start(pvcs === 0 ? {} : { SCAN_INTERVAL_MS: '1500' });
    for (let i = 0; i < pvcs; i += 1) putBlobs(s3, `app-${i % 50}/pvc-${i}`, filledKopiaBlobs);
    if (pvcs > 0) while (!plumber.output.includes(`"pvcs":${pvcs + 1}`)) await pause(100);
    const until = performance.now() + 2000;
    // Who was cut off comes again.
    const attacker = async (): Promise<void> => {
      while (performance.now() < until) {
        const client = await open();
        await client.flood(text, until - performance.now());
        client.destroy();
      }
    };
    expect(await othersAreAnswered(Promise.all(Array.from({ length: connections }, attacker)))).toBeGreaterThan(0);
  });
});

test('more connections than there may be: who was quiet for longest goes, and who asks is answered', async () => {
  await start({ MAX_CONNECTIONS: '200' });
  const attack = (async () => {
    for (let i = 0; i < 1500; i += 1) {
      const client = await open();
      // A third says nothing, the others begin a request of almost all that may be, and don't end it.
      if (i % 3 > 0) client.send(`GET / HTTP/1.1\r\nhost: a\r\nx: ${'a'.repeat(maxRequestBytes - 100)}`);
    }
    while (clients.filter(({ isClosed }) => !isClosed).length > 200) await pause(50);
  })();
  expect(await othersAreAnswered(attack)).toBeGreaterThan(0);
});

test('a request that comes a byte at a time is not waited for', async () => {
  await start();
  const client = (await open()).read();
  const started = performance.now();
  const drip = setInterval(() => client.send('a'), 100);
  client.send('GET / HTTP/1.1\r\nhost: ');
  await client.closed;
  clearInterval(drip);
  expect(performance.now() - started).toBeLessThan(20_000);
  expect(client.text).toBe('');
});

describe('what a client may say', () => {
  const expected: readonly (readonly [string, string, readonly number[]])[] = [
    ['a question', question('/healthz'), [200]],
    ['two at once, answered in order', question('/exists/a/B') + question('/healthz'), [400, 200]],
    ['HTTP/1.0', 'GET /healthz HTTP/1.0\r\n\r\n', [200]],
    ['the last one', question('/healthz', 'Connection: close\r\n') + question('/healthz'), [200]],
    ['with a body of no length', question('/healthz', 'content-length: 0\r\n') + question('/healthz'), [200, 200]],
    ['a body that is a question', question('/healthz', 'content-length: 50\r\n') + question('/metrics'), [200]],
    ['two lengths', question('/healthz', 'content-length: 0\r\ncontent-length: 50\r\n') + question('/metrics'), [200]],
    ['chunks', question('/healthz', 'transfer-encoding: chunked\r\n') + question('/metrics'), [200]],
    ['HTTP/0.9', 'GET /healthz\r\n\r\n', [400]],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [400]],
    ['no host', 'GET /healthz HTTP/1.1\r\n\r\n', [400]],
    ['two hosts', question('/healthz', 'host: b\r\n'), [400]],
    ['a folded header', question('/healthz', 'x: a\r\n b\r\n'), [400]],
    ['a header with a blank name', question('/healthz', ' x: a\r\n'), [400]],
    ['a NUL', question('/healthz\0'), [400]],
    ['line feeds alone', 'GET /healthz HTTP/1.1\nhost: a\n\n\r\n\r\n', [400]],
    ['blanks in the target', question('/healthz /metrics'), [400]],
    ['too long a target', question(`/${'a'.repeat(maxRequestBytes)}`), [431]],
    ['too long a header', question('/healthz', `x: ${'a'.repeat(maxRequestBytes)}\r\n`), [431]],
    ['another method', 'DELETE /exists/a/b HTTP/1.1\r\nhost: a\r\n\r\n', [405]],
    ['another host in the target', question('http://elsewhere/healthz'), [404]],
  ];

  test('each gets its answer', async () => {
    await start();
    const said: unknown[] = [];
    for (const [name, text, statuses] of expected) {
      const client = (await open()).read();
      client.send(text);
      client.end();
      await client.closed;
      said.push([name, [...client.text.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => Number(status))]);
      expect(statuses.length).toBeGreaterThan(0);
    }
    expect(said).toEqual(expected.map(([name, , statuses]) => [name, statuses]));
    expect(s3.requests).toBe(0);
  });

  test('a question in pieces, of every size, is one question', () => {
    const text = question('/exists/a/b', 'authorization: Bearer x\r\naccept-encoding: gzip\r\n');
    for (let cut = 0; cut < text.length; cut += 1) expect(parseRequest(Buffer.from(text.slice(0, cut)))).toBeUndefined();
    expect(parseRequest(Buffer.from(text + text))).toEqual({
      method: 'GET',
      target: '/exists/a/b',
      keepAlive: true,
      hasBody: false,
      length: text.length,
    });
  });

  test('whatever comes, it is refused, or read as exactly what it says', () => {
    const piece = fc.constantFrom(
      'GET ',
      '/exists/a/b',
      ' HTTP/1.1',
      '\r\n',
      '\r',
      '\n',
      'host: a',
      'content-length',
      ': ',
      '0',
      '\0',
      'é',
      ' ',
      '\t',
      'x',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ unit: 'binary-ascii' })), { maxLength: 30 }), (pieces) => {
        const text = pieces.join('');
        const request = parseRequest(Buffer.from(text, 'latin1'));
        if (request === undefined || !('method' in request)) return;
        expect(text.startsWith(`${request.method} ${request.target} HTTP/1.`)).toBe(true);
        expect(text.slice(0, request.length).endsWith('\r\n\r\n')).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
