import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { plumber } from '../../lib/model/naming';

/**
 * The run happens in Linux namespaces of its own: its loopback device, its `/etc/hosts`, its processes and its temporary files are nobody
 * else's, and all of them are gone when it ends, also when it is killed. So pvc-plumber can have its real name and port 80.
 */
const inside = 'ZERO_TOUCH_PVC_E2E_SANDBOX';

/** Folder of the run: a file system in memory inside the sandbox. Undefined outside. */
export const sandboxFolder = process.env[inside];

/** Each run has a file system of its own there, which only it sees; so nothing has to be removed when it is killed. Beside what `build.sh` builds. */
const mountPoint = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'zero-touch-pvc', 'sandbox');

/** Runs this program again in a sandbox and returns its exit code. */
export function runInSandbox(): number {
  mkdirSync(mountPoint, { recursive: true });
  const setUp = [
    'ip link set lo up',
    // The address of the site's S3 server, so that the tree is used as it is rendered.
    'ip address add 192.168.10.133/32 dev lo',
    'mount -t tmpfs -o mode=0755 tmpfs "$0"',
    `printf '127.0.0.1 localhost %s\\n' "${new URL(plumber.url).hostname}" > "$0/hosts"`,
    'mount --bind "$0/hosts" /etc/hosts',
    'exec "$@"',
  ].join(' && ');
  const command = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  // An ordinary user becomes root of a user namespace of its own; where the kernel forbids that, the run needs sudo.
  const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  const namespaces = [...user, '--net', '--mount', '--pid', '--fork', '--mount-proc', '--kill-child'];
  // It dies with this process, and everything inside with it.
  const program = ['--pdeathsig', 'KILL', 'unshare', ...namespaces, 'sh', '-c', setUp, mountPoint, ...command];
  const { status, error } = spawnSync('setpriv', program, { stdio: 'inherit', env: { ...process.env, [inside]: mountPoint } });
  if (error !== undefined) throw error;
  return status ?? 1;
}

/** Says why there can be no sandbox here, or undefined. */
export function sandboxProblem(): string | undefined {
  const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  const { status, stderr, error } = spawnSync('unshare', [...user, '--net', '--mount', '--pid', '--fork', 'ip', 'link', 'set', 'lo', 'up'], {
    encoding: 'utf8',
  });
  if (status === 0) return undefined;
  return `unshare (util-linux) and ip (iproute2) can't make namespaces here: ${error?.message ?? stderr.trim()}`;
}

/** Path of a file of the run; folders are made. */
export function sandboxFile(name: string, text?: string): string {
  if (sandboxFolder === undefined) throw new Error('not in the sandbox');
  const path = join(sandboxFolder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  if (text !== undefined) writeFileSync(path, text, { mode: 0o600 });
  return path;
}
