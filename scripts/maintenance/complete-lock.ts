/**
 * Adds to package-lock.json the optional packages of other platforms that a registry's mirror did not offer (`npx tsx scripts/maintenance/complete-lock.ts`, after
 * `npm install` behind such a mirror).
 *
 * npm leaves them out of the lock file then, and `npm ci` of npm 11 refuses such a file on every platform. The entries carry no integrity, because
 * nobody has seen the packages; npm fetches them by name and version, and only on their own platform.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { helped } from '../usage';

interface Entry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const usage = `npx tsx scripts/maintenance/complete-lock.ts   adds to package-lock.json the packages of other platforms that a registry's mirror did not offer`;

if (!helped(usage)) completeLock();

function completeLock(): void {
  const file = join(__dirname, '..', '..', 'package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, Entry> };
  const added: string[] = [];

  for (const [path, { optionalDependencies = {}, dev }] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (`${path}/node_modules/${name}` in lock.packages || `node_modules/${name}` in lock.packages) continue;
      lock.packages[`node_modules/${name}`] = { version, ...(dev === true ? { dev } : {}), optional: true, ...platformOf(name) };
      added.push(name);
    }
  }

  lock.packages = Object.fromEntries(Object.entries(lock.packages).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`${added.length} packages of other platforms added to package-lock.json`);
}

/** Platform by the name that such packages have, for example `@swc/core-darwin-arm64`. */
function platformOf(name: string): Pick<Entry, 'os' | 'cpu'> {
  const os = /darwin|linux|win32|freebsd|android|openbsd|netbsd|sunos|aix|openharmony/.exec(name)?.[0];
  const cpu = /arm64|x64|ia32|ppc64|s390x|riscv64|loong64|wasm32|mips64el/.exec(name)?.[0] ?? (/-arm(-|$)/.test(name) ? 'arm' : undefined);
  return { ...(os === undefined ? {} : { os: [os] }), ...(cpu === undefined ? {} : { cpu: [cpu] }) };
}
