import { type ChildProcess, fork, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { plumber as plumberNames } from '../lib/model/naming';
import { bundlePath } from '../test/support/plumber-bundle';
import { credentialsDir } from '../test/support/plumber-process';
import { testBucket } from '../pvc-plumber/testing/repositories';
import { Load, type Sample } from './plumber-load';
import { scratchFolder } from '../test/support/scratch';

interface Run {
  readonly name: string;
  readonly pvcs: number;
  readonly latencyMs: number;
  readonly warm: boolean;
  readonly questions: 'restore' | 'mixed';
  /** A server with nothing in it, for comparison: it repeats a constant (warm), or asks the store once an answer (cold). */
  readonly bare?: true;
  /** Questions a second for 10 seconds; absent: all at the same moment. */
  readonly perSecond?: number;
  /** What has to be shown. */
  readonly must?: (row: Row) => boolean;
}

interface Row {
  readonly answers: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** Of the first storm that the process met. */
  readonly firstP99: number;
  readonly max: number;
  readonly unknown: number;
  readonly s3PerAnswer: number;
  readonly rssMiB: number;
  /** Time of the processor that one answer cost, in milliseconds: on a busy machine it says more than the clock. */
  readonly cpuMs: number;
}

const budgetMs = 2500;
/** Most connections of the load generator. The API server sends a few hundred writes at a time (`--max-mutating-requests-inflight`, 200 by default). */
const maxConnections = 1000;
/** A storm is repeated on the same process while its PVCs are remembered: the first meets code that was never run. */
const rounds = 5;

function plan(): Run[] {
  const all = [0, 20, 100].flatMap((latencyMs) =>
    [1000, 10_000].flatMap((pvcs) =>
      [true, false].map((warm): Run => ({ name: 'storm', pvcs, latencyMs, warm, questions: 'restore', must: mustOf(pvcs, latencyMs, warm) })),
    ),
  );
  return [
    { name: 'bare storm', pvcs: 1000, latencyMs: 0, warm: true, questions: 'restore', bare: true },
    { name: 'bare storm', pvcs: 1000, latencyMs: 0, warm: false, questions: 'restore', bare: true },
    ...all,
    { name: 'storm', pvcs: 1000, latencyMs: 20, warm: true, questions: 'mixed' },
    { name: 'storm', pvcs: 1000, latencyMs: 20, warm: false, questions: 'mixed' },
    { name: 'steady 500/s', pvcs: 1000, latencyMs: 20, warm: true, questions: 'restore', perSecond: 500, must: ({ p99 }) => p99 <= 20 },
    {
      name: 'steady 500/s',
      pvcs: 10_000,
      latencyMs: 20,
      warm: true,
      questions: 'restore',
      perSecond: 500,
      must: ({ p99, rssMiB }) => p99 <= 20 && rssMiB <= 128,
    },
    { name: 'steady 500/s', pvcs: 1000, latencyMs: 20, warm: true, questions: 'mixed', perSecond: 500 },
  ];
}

function mustOf(pvcs: number, latencyMs: number, warm: boolean): (row: Row) => boolean {
  const memory = ({ rssMiB }: Row): boolean => rssMiB <= 128;
  if (latencyMs !== 20 || pvcs !== 1000) return memory;
  return warm ? (row) => memory(row) && row.p99 <= 100 : (row) => memory(row) && row.unknown === 0 && row.max <= budgetMs;
}

/**
 * Measures the bundle as a process, with an S3 server and the load generator as two more, all on one machine. A storm asks for all PVCs at the
 * same moment, on connections that are open already. A warm storm
 * comes five times: the row is the median of the later four, beside the p99 of the first.
 *
 * @param args `--only TEXT`: runs whose line holds the text
 */
export async function benchPlumber(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { only: { type: 'string', default: '' } } });
  console.log(`Node ${process.version}, bundle with ${plumberNames.nodeFlags.join(' ')}`);
  console.log(
    `${label('run', 'PVCs', 'S3 ms', 'state', 'asked')}  answers/s    p50    p99    max  first p99 ms  CPU ms  of bare  unknown  S3/answer  RSS MiB  must`,
  );
  const bare = new Map<boolean, Row>();
  for (const run of plan()) {
    const head = label(run.name, run.pvcs, run.latencyMs, run.warm ? 'warm' : 'cold', run.questions);
    if (!head.includes(values.only)) continue;
    const row = await measure(run);
    if (run.bare) bare.set(run.warm, row);
    const against = run.pvcs === 1000 && run.latencyMs === 0 && run.perSecond === undefined ? bare.get(run.warm) : undefined;
    const ratio = against === undefined ? '' : `${(row.p99 / against.p99).toFixed(2)}`;
    const numbers = [row.perSecond.toFixed(0).padStart(9), ...[row.p50, row.p99, row.max, row.firstP99].map((ms) => ms.toFixed(1).padStart(7))].join(
      '',
    );
    const must = run.must === undefined ? '' : run.must(row) ? 'ok' : 'MISSED';
    console.log(
      `${head}  ${numbers}  ${row.cpuMs.toFixed(3).padStart(10)}  ${ratio.padStart(7)}  ${String(row.unknown).padStart(9)}  ${row.s3PerAnswer.toFixed(2).padStart(9)}  ${row.rssMiB.toFixed(0).padStart(7)}  ${must}`,
    );
  }
}

function label(name: string, pvcs: number | string, latency: number | string, state: string, asked: string): string {
  return `${name.padEnd(12)} ${String(pvcs).padStart(6)} ${String(latency).padStart(6)} ${state} ${asked.padEnd(8)}`;
}

async function measure(run: Run): Promise<Row> {
  // Half of the PVCs have a backup; a run that asks for restores only needs twice as many in the store.
  const s3 = fork(join(__dirname, 'plumber-s3.ts'), [String(run.questions === 'restore' ? run.pvcs * 2 : run.pvcs), String(run.latencyMs)], {
    execArgv: ['--import', 'tsx'],
  });
  const { endpoint } = await told<{ endpoint: string }>(s3);
  const plumber = run.bare ? await startBare(run.warm ? [] : [endpoint ?? '', testBucket]) : await start(endpoint ?? '', run.warm);
  const step = run.questions === 'restore' ? 2 : 1;
  const paths = Array.from({ length: run.pvcs }, (_, i) => `/exists/app-${(i * step) % 50}/pvc-${i * step}`);
  const load = await Load.open(plumber.port, run.perSecond === undefined ? Math.min(run.pvcs, maxConnections) : 64);
  const rows: Row[] = [];
  const repeated = run.warm && run.perSecond === undefined ? rounds : 1;
  for (let round = 0; round < repeated; round += 1) {
    const before = await requestsOf(s3);
    const cpuBefore = cpuOf(plumber.child.pid ?? 0);
    const started = performance.now();
    const samples = run.perSecond === undefined ? await load.storm(paths) : await load.steady(paths, run.perSecond, 10);
    const seconds = (performance.now() - started) / 1000;
    rows.push(summary(samples, seconds, (await requestsOf(s3)) - before, plumber.child.pid ?? 0, cpuBefore));
    await new Promise((resolve) => void setTimeout(resolve, 300));
  }
  load.close();
  plumber.child.kill('SIGKILL');
  s3.disconnect();
  await Promise.all([exited(plumber.child), exited(s3)]);
  const [first, ...later] = rows;
  if (first === undefined) throw new Error('nothing was measured');
  const median = later.toSorted((a, b) => a.p99 - b.p99)[Math.floor(later.length / 2)] ?? first;
  return { ...median, firstP99: first.p99, rssMiB: Math.max(...rows.map((row) => row.rssMiB)) };
}

function summary(samples: readonly Sample[], seconds: number, requests: number, pid: number, cpuBefore: number): Row {
  const sorted = samples.map(({ ms }) => ms).toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0;
  return {
    answers: samples.length,
    perSecond: samples.length / seconds,
    p50: at(0.5),
    p99: at(0.99),
    firstP99: at(0.99),
    max: at(1),
    unknown: samples.filter(({ decision }) => decision === 'unknown').length,
    s3PerAnswer: requests / samples.length,
    rssMiB: peakRss(pid),
    cpuMs: (cpuOf(pid) - cpuBefore) / samples.length,
  };
}

async function start(endpoint: string, warm: boolean): Promise<{ child: ChildProcess; port: number }> {
  const env = {
    PORT: '0',
    S3_ENDPOINT: endpoint,
    S3_BUCKET: testBucket,
    CREDENTIALS_DIR: credentialsDir(),
    WARM_UP: String(warm),
    SCAN_INTERVAL_MS: '0',
  };
  // Into a file: a container's log is read by another process, and not by the one who asks.
  const logFile = join(scratchFolder(), 'log');
  const log = openSync(logFile, 'w');
  const child = spawn(process.execPath, [...plumberNames.nodeFlags, bundlePath()], { env, stdio: ['ignore', log, 'inherit'] });
  closeSync(log);
  for (;;) {
    await new Promise((resolve) => void setTimeout(resolve, 50));
    const output = readFileSync(logFile, 'utf8');
    if (child.exitCode !== null) throw new Error(`pvc-plumber ended: ${output}`);
    const port = /"message":"listening","port":(\d+)/.exec(output)?.[1];
    if (port !== undefined && (!warm || ['the bucket was listed', 'the code of an answer is compiled'].every((text) => output.includes(text))))
      return { child, port: Number(port) };
  }
}

function told<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve) => void child.once('message', (message) => resolve(message as T)));
}

async function requestsOf(s3: ChildProcess): Promise<number> {
  const answer = told<{ requests: number }>(s3);
  s3.send('count');
  return (await answer).requests;
}

async function startBare(args: readonly string[]): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'plumber-bare.ts'), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise<number>((resolve) => {
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const found = /"port":(\d+)/.exec(output)?.[1];
      if (found !== undefined) resolve(Number(found));
    });
  });
  return { child, port };
}

/** Time of the processor that a process has used, in milliseconds, from Linux's accounting in hundredths of a second. */
function cpuOf(pid: number): number {
  const [, user = 0, system = 0] =
    /\) .( -?\d+){10} (\d+) (\d+)/
      .exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))
      ?.slice(1)
      .map(Number) ?? [];
  return (user + system) * 10;
}

/** Highest resident memory so far, in MiB, from Linux's accounting. */
function peakRss(pid: number): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}

function exited(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => (child.exitCode === null && child.signalCode === null ? void child.once('exit', () => resolve()) : resolve()));
}
