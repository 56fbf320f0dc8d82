import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { sandboxFile } from './sandbox';

const killAfterMs = 15_000;

/** How long a kubelet waits before it starts a container again, in milliseconds: not at all, then 10 s, and twice as long each time, at most 5 minutes. */
function backOffMs(deaths: number): number {
  return deaths <= 1 ? 0 : Math.min(10_000 * 2 ** (deaths - 2), 300_000);
}

/** How many of its last lines tell why a program died: the head of Go's stack trace is among them or just before. */
const lastLines = 12;

/** A program that ended without being told to. */
export interface Death {
  readonly name: string;
  readonly at: number;
  /** Exit code, signal, or why it could not be started. */
  readonly how: string;
}

const deaths: Death[] = [];

/** Programs that ended by themselves since a moment, as a remark to whatever failed meanwhile. @param since milliseconds since 1970 @returns empty where none did */
export function deathsSince(since: number): string {
  return deaths
    .filter(({ at }) => at >= since)
    .map(({ name, how }) => `${name} ended by itself (${how})`)
    .join(', ');
}

const daemons = new Map<string, Daemon>();

/** The programs that run at the moment, by name. */
export function runningPrograms(): ReadonlyMap<string, number> {
  return new Map([...daemons.values()].flatMap(({ name, pid }) => (pid === undefined ? [] : [[name, pid] as const])));
}

/** Sends a signal to a program that runs, for example SIGSTOP and SIGCONT to make it slow. */
export function signalProgram(name: string, signal: NodeJS.Signals): void {
  const pid = daemons.get(name)?.pid;
  if (pid !== undefined) process.kill(pid, signal);
}

/** A program in the background, with its output in a file. One that ends by itself is said at once, and started again as a kubelet would. */
export class Daemon {
  private child: ChildProcess | undefined;
  private exited: Promise<void> = Promise.resolve();
  private wanted = false;
  private died = 0;
  private again: NodeJS.Timeout | undefined;

  constructor(
    readonly name: string,
    private readonly program: string,
    private readonly args: readonly string[],
    private readonly env: Readonly<Record<string, string>> = {},
  ) {}

  get logFile(): string {
    return sandboxFile(`logs/${this.name}.log`);
  }

  get log(): string {
    return readFileSync(this.logFile, 'utf8');
  }

  get running(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Its process, while it runs. */
  get pid(): number | undefined {
    return this.running ? this.child?.pid : undefined;
  }

  start(): void {
    this.wanted = true;
    daemons.set(this.name, this);
    const log = openSync(this.logFile, 'a');
    const from = statSync(this.logFile).size;
    const started = Date.now();
    const child = spawn(this.program, this.args, {
      stdio: ['ignore', log, log],
      env: { PATH: process.env['PATH'] ?? '', HOME: sandboxFile('home'), ...this.env },
    });
    closeSync(log);
    this.child = child;
    this.exited = new Promise((resolve) => {
      const ended = (how: string): void => {
        resolve();
        if (this.wanted && this.child === child) this.startAgain(`${how}, after ${Math.round((Date.now() - started) / 1000)} s`, from);
      };
      child.once('exit', (code, signal) => ended(signal === null ? `exit code ${code}` : `signal ${signal}`));
      child.once('error', (error) => ended(error.message));
    });
  }

  /** Ends it as Kubernetes would, or at once with SIGKILL. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    this.wanted = false;
    clearTimeout(this.again);
    if (!this.running) return;
    this.child?.kill(signal);
    const timer = setTimeout(() => this.child?.kill('SIGKILL'), killAfterMs);
    await this.exited;
    clearTimeout(timer);
  }

  /** @param from where the output of the run that ended begins, in bytes */
  private startAgain(how: string, from: number): void {
    this.died += 1;
    deaths.push({ name: this.name, at: Date.now(), how });
    const wait = backOffMs(this.died);
    const lines = endOf(readFileSync(this.logFile).subarray(from).toString('utf8'));
    console.log(
      [
        `         ${this.name} ended by itself (${how}); it is started again ${wait === 0 ? 'at once' : `in ${wait / 1000} s`}. Its last lines:`,
        ...lines,
      ].join('\n           '),
    );
    this.again = setTimeout(() => this.start(), wait);
  }
}

/** The last lines of an output. Where a Go program panicked, from there on: its stack is longer than what was said before. */
function endOf(output: string): string[] {
  const lines = stripVTControlCharacters(output).trimEnd().split('\n');
  const panic = lines.findIndex((line) => /^(panic|fatal error): /.test(line));
  const shown = panic < 0 ? lines.slice(-lastLines) : lines.slice(panic, panic + lastLines);
  return shown.map((line) => line.slice(0, 300));
}
