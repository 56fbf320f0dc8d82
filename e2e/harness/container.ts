import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { sandboxFile } from './sandbox';
import { tool } from './tools';

/** A file system of its own with a few folders in it and `kopia`, as a container's. */
export class Container {
  private readonly children = new Set<ChildProcess>();
  private killed = false;
  private die!: () => void;
  /** Resolves when it is killed. */
  readonly dead = new Promise<void>((resolve) => (this.die = resolve));
  private readonly root: string;
  private readonly mounts: readonly (readonly [from: string, to: string])[];

  /**
   * @param name of the container, unique in the run
   * @param volumes folders outside by their path inside
   * @param user numeric user and group that its programs run as
   */
  constructor(
    name: string,
    volumes: Readonly<Record<string, string>>,
    private readonly user: { readonly uid: number; readonly gid: number },
  ) {
    const own = (folder: string): string => {
      const path = sandboxFile(join('containers', name, folder));
      mkdirSync(path, { recursive: true });
      chmodSync(path, 0o700);
      chownSync(path, user.uid, user.gid);
      return path;
    };
    this.root = own('root');
    chmodSync(this.root, 0o755);
    this.mounts = [
      ...Object.entries(volumes).map(([to, from]) => [from, to] as const),
      ...['/tmp', '/cache', '/config'].map((to) => [own(to), to] as const),
    ];
  }

  /** Runs `kopia`. @returns its exit code and output; a killed container's is 137 */
  kopia(
    args: readonly string[],
    env: Readonly<Record<string, string>>,
  ): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
    if (this.killed) return Promise.resolve({ code: 137, out: '', err: 'killed' });
    const script = [
      'set -e',
      'root=$1 kopia=$2 user=$3',
      'shift 3',
      'mount -t tmpfs -o mode=0755 tmpfs "$root"',
      'touch "$root/kopia" && mount --bind "$kopia" "$root/kopia"',
      'mkdir "$root/dev" && mount --rbind /dev "$root/dev"',
      'while [ "$1" != -- ]; do mkdir -p "$root$2" && mount --bind "$1" "$root$2"; shift 2; done',
      'shift',
      'exec chroot --userspec="$user" --groups="${user#*:}" "$root" /kopia "$@"',
    ].join('\n');
    const user = `${this.user.uid}:${this.user.gid}`;
    const argv = [
      '--mount',
      '--propagation',
      'private',
      'sh',
      '-c',
      script,
      'sh',
      this.root,
      tool('kopia'),
      user,
      ...this.mounts.flat(),
      '--',
      ...args,
    ];
    const child = spawn('unshare', argv, {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      env: {
        PATH: process.env['PATH'],
        HOME: '/tmp',
        KOPIA_CONFIG_PATH: '/config/repository.config',
        KOPIA_CACHE_DIRECTORY: '/cache',
        KOPIA_LOG_DIR: '/tmp/log',
        KOPIA_CHECK_FOR_UPDATES: 'false',
        ...env,
      },
    });
    this.children.add(child);
    return new Promise((resolve) => {
      let [out, err] = ['', ''];
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => (out += chunk));
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => (err += chunk));
      child.on('error', (error) => resolve({ code: 127, out, err: error.message }));
      child.on('close', (code) => {
        this.children.delete(child);
        resolve({ code: code ?? 137, out, err });
      });
    });
  }

  /** SIGKILL for everything in it, as at the end of a Pod whose node dies. */
  kill(): void {
    this.killed = true;
    this.die();
    for (const { pid } of this.children) {
      try {
        if (pid !== undefined) process.kill(-pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    }
  }
}
