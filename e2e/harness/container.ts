import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { moverFolder } from './brought';
import { sandboxFile } from './sandbox';
import { tool } from './tools';
import { repository } from './tree';

export interface Mount {
  /** Folder outside. */
  readonly from: string;
  /** Path inside. */
  readonly to: string;
  readonly readOnly: boolean;
}

export interface ContainerOptions {
  /** Unique in the run. */
  readonly name: string;
  readonly hostname: string;
  readonly command: readonly string[];
  /** All of its environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly user: { readonly uid: number; readonly gid: number; readonly groups: readonly number[] };
  /** Names without CAP_; they are effective for root only. */
  readonly capabilities: readonly string[];
  readonly readOnlyRoot: boolean;
  /** Outer ones before those inside of them. */
  readonly mounts: readonly Mount[];
  /** What its `kopia` is known by at the harness's hooks. */
  readonly hooks: string;
}

const start = join(repository, 'e2e', 'container', 'start.sh');

/** One command in a file system, process tree and host name of its own, with the programs of this machine and `kopia`. */
export class Container {
  private child: ChildProcess | undefined;
  private killed = false;
  private die!: () => void;
  /** Resolves when it has ended. */
  readonly dead = new Promise<void>((resolve) => (this.die = resolve));
  private readonly root: string;

  constructor(private readonly options: ContainerOptions) {
    this.root = join(containerFolder(options.name), 'root');
  }

  /** Runs the command. @returns its exit code; that of a killed one is 137 */
  async run(tell: (line: string) => void): Promise<number> {
    const { hostname, command, env, user, capabilities, readOnlyRoot, mounts, hooks } = this.options;
    if (this.killed) return 137;
    mkdirSync(this.root, { recursive: true });
    const bounds = ['-all', ...capabilities.map((name) => `+${name.toLowerCase()}`)].join(',');
    const groups = [...new Set(user.groups.length === 0 ? [user.gid] : user.groups)].join(',');
    const account = [String(user.uid), String(user.gid), groups, bounds];
    const folders = mounts.flatMap(({ from, to, readOnly }) => [from, to, readOnly ? 'ro' : 'rw']);
    const inside = [start, this.root, hostname, ...account, String(readOnlyRoot), moverFolder(), tool('kopia'), hooks, ...folders, '--', ...command];
    const namespaces = ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child', '--uts'];
    // A pipe of the shell's: Node's own are sockets, which nobody can open by the name /dev/stderr.
    const piped = ['-c', 'unshare "$@" 2>&1 | cat; exit "${PIPESTATUS[0]}"', 'container', ...namespaces, ...inside];
    const child = spawn('bash', piped, { stdio: ['ignore', 'pipe', 'ignore'], detached: true, env: { ...env } });
    this.child = child;
    createInterface({ input: child.stdout }).on('line', tell);
    const code = await new Promise<number>((resolve) => {
      child.on('error', () => resolve(127));
      child.on('close', (status) => resolve(status ?? 137));
    });
    this.child = undefined;
    this.die();
    rmSync(this.root, { recursive: true, force: true });
    return code;
  }

  /** SIGTERM for its first process, as at the end of a Pod. */
  terminate(): void {
    const pid = this.first();
    if (pid !== undefined) signal(pid, 'SIGTERM');
  }

  /** SIGKILL for everything in it, as when its node loses power. */
  kill(): void {
    this.killed = true;
    const pid = this.first();
    if (pid !== undefined) signal(pid, 'SIGKILL');
    else if (this.child?.pid !== undefined) signal(-this.child.pid, 'SIGKILL');
    if (this.child === undefined) this.die();
  }

  /** Number of its first process, as the outside sees it. */
  private first(): number | undefined {
    const file = `${this.root}.pid`;
    return this.child !== undefined && existsSync(file) ? Number(readFileSync(file, 'utf8')) : undefined;
  }
}

/** Where a container has its own things outside. */
export function containerFolder(name: string): string {
  const path = sandboxFile(join('containers', name));
  mkdirSync(path, { recursive: true });
  return path;
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended by itself.
  }
}
