import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import * as http from 'node:http';
import { join } from 'node:path';
import type { Answer } from '../../lib/model/decision';
import { timeouts } from '../../lib/model/timeouts';
import { bundlePath } from './plumber-bundle';
import { testBucket } from '../../pvc-plumber/testing/repositories';
import { testCredentials } from '../../pvc-plumber/testing/server';
import { scratchFolder } from './scratch';

export interface Reply {
  readonly status: number;
  readonly text: string;
  readonly headers: http.IncomingHttpHeaders;
  /** Time to the end of the answer, in milliseconds. */
  readonly ms: number;
}

/** The bundle as a process of its own, as the Pod runs it. */
export class PlumberProcess {
  /**
   * Starts it and waits until it listens.
   *
   * @param env over a base that points to `endpoint`, the test's bucket and valid credentials, without warm-up and scans, with the longest budget: the machine may be busy
   */
  static async start(endpoint: string, env: Readonly<Record<string, string>> = {}, flags: readonly string[] = []): Promise<PlumberProcess> {
    const all = {
      PORT: '0',
      S3_ENDPOINT: endpoint,
      S3_BUCKET: testBucket,
      CREDENTIALS_DIR: credentialsDir(),
      WARM_UP: 'false',
      SCAN_INTERVAL_MS: '0',
      BUDGET_MS: String(timeouts.longestPlumberBudgetMs),
      DRAIN_MS: '0',
      ...env,
    };
    const child = spawn(process.execPath, [...flags, bundlePath()], { env: all, stdio: ['ignore', 'pipe', 'pipe'] });
    const plumber = new PlumberProcess(child);
    await plumber.listening();
    return plumber;
  }

  /** All that it wrote to standard output and standard error. */
  output = '';
  private port = 0;
  readonly exited: Promise<number | null>;
  private readonly agent = new http.Agent({ keepAlive: true });

  private constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString('utf8')));
    this.exited = new Promise((resolve) => void child.on('close', resolve));
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Its log lines so far. */
  get lines(): Record<string, unknown>[] {
    const whole = this.output.slice(0, this.output.lastIndexOf('\n') + 1);
    return whole
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** Asks with the path as it stands, not normalised. */
  get(path: string, method = 'GET', headers: http.OutgoingHttpHeaders = {}): Promise<Reply> {
    const started = performance.now();
    return new Promise((resolve, reject) => {
      const request = http.request({ port: this.port, path, method, headers, agent: this.agent }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text, headers: response.headers, ms: performance.now() - started }));
      });
      request.on('error', reject).end();
    });
  }

  async ask(namespace: string, pvc: string): Promise<Answer & { readonly status: number; readonly ms: number }> {
    const { status, text, ms } = await this.get(`/exists/${namespace}/${pvc}`);
    return { ...(JSON.parse(text) as Answer), status, ms };
  }

  /** Resolves with the exit code. */
  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.agent.destroy();
    this.child.kill(signal);
    return this.exited;
  }

  private async listening(): Promise<void> {
    const ready = new Promise<void>((resolve) => {
      const look = (): void => {
        const port = /"message":"listening","port":(\d+)/.exec(this.output)?.[1];
        if (port === undefined) return;
        this.port = Number(port);
        resolve();
      };
      this.child.stdout?.on('data', look);
    });
    const ended = this.exited.then((code) => {
      throw new Error(`pvc-plumber ended with code ${code}: ${this.output}`);
    });
    await Promise.race([ready, ended]);
  }
}

/** Runs the bundle to its end, as a command. */
export function runBundle(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [bundlePath(), ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString('utf8')));
  return new Promise((resolve) => void child.on('close', (code) => resolve({ code, stdout, stderr })));
}

/** A folder like the mounted Secret. */
export function credentialsDir(files: Readonly<Record<string, string>> = {}): string {
  const directory = scratchFolder();
  const all = { 'access-key-id': testCredentials.accessKeyId, 'secret-access-key': testCredentials.secretAccessKey, ...files };
  for (const [name, text] of Object.entries(all)) writeFileSync(join(directory, name), text);
  return directory;
}
