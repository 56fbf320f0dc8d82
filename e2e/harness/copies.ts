import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

interface Copy {
  readonly from: string;
  readonly done: Promise<void>;
  error?: Error;
}

/** The copies of what volumes hold, for the snapshots of one cluster. */
export class Copies {
  /** Those that are under way or failed, by their target. */
  private readonly all = new Map<string, Copy>();

  /**
   * Whether a copy is there; a later tick asks again. One that failed is made anew: a snapshot is whole or not there.
   *
   * @throws Error why it failed
   */
  made(from: string, to: string): boolean {
    const begun = this.all.get(to);
    if (begun?.error !== undefined) {
      this.all.delete(to);
      throw begun.error;
    }
    if (begun !== undefined) return false;
    if (existsSync(to)) return true;
    const copy: Copy = { from, done: copyWhole(from, to) };
    this.all.set(to, copy);
    copy.done.then(
      () => this.all.delete(to),
      (error: Error) => (copy.error = error),
    );
    return false;
  }

  /** Waits for the copies of a folder that are being made. */
  async settled(from: string): Promise<void> {
    await Promise.allSettled([...this.all.values()].filter((copy) => copy.from === from).map(({ done }) => done));
  }
}

async function copyWhole(from: string, to: string): Promise<void> {
  // Beside it, so that it can be renamed where the volume has a file system of its own.
  const part = join(to, '..', 'part');
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true });
  await output('cp', ['-a', '--sparse=always', `${from}/.`, part]);
  renameSync(part, to);
}

/** Runs a program. @returns what it printed @throws Error with what it printed about its failure */
export function output(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, err] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (out += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (err += chunk));
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(out) : reject(new Error(`${program} ${args.join(' ')}: ${err.trim()}`))));
  });
}
