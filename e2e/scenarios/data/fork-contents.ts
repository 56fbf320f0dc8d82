/** What volumes hold that the pinned fork does not bring back by itself, and sizes that storages round. */
import { chmodSync, chownSync, lchownSync, lstatSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { same } from '../../harness/check';
import type { DataScenario } from '../../harness/data-scenario';
import { classWith } from '../../harness/volumes';

/**
 * Each entry with owner, group, mode and second of its last change. The root is the storage's own.
 *
 * @param folderTime of a folder: its own, or what Kopia makes of it
 */
function owners(folder: string, folderTime: (path: string) => number): string[] {
  const visit = (path: string): string[] =>
    readdirSync(path)
      .toSorted()
      .flatMap((name) => {
        const full = join(path, name);
        const stat = lstatSync(full);
        const mode = stat.isSymbolicLink() ? '' : (stat.mode & 0o7777).toString(8);
        const time = stat.isDirectory() ? folderTime(full) : ownTime(full);
        const line = `${full.slice(folder.length + 1)} ${stat.uid}:${stat.gid} ${mode} ${time}`;
        return [line, ...(stat.isDirectory() ? visit(full) : [])];
      });
  return visit(folder);
}

function ownTime(path: string): number {
  return Math.floor(lstatSync(path).mtimeMs / 1000);
}

/** Kopia gives a folder the time of the newest entry in it, at any depth. An empty one keeps its own. */
function newestInside(folder: string): number {
  const inside = readdirSync(folder, { withFileTypes: true }).map((entry) => {
    const full = join(folder, entry.name);
    return entry.isDirectory() ? newestInside(full) : ownTime(full);
  });
  return inside.length === 0 ? ownTime(folder) : Math.max(...inside);
}

const people = [0, 26, 568, 999, 1000];
const modes = [0o400, 0o600, 0o640, 0o644, 0o755, 0o600, 0o2750] as const;
/** With what else they have, more than 10,000 entries. */
const filesOfEach = 2000;

/** Folders and files of several users, as programs with rights of their own leave them. */
function byManyUsers(folder: string): void {
  for (const uid of people) {
    const home = join(folder, `user-${uid}`);
    mkdirSync(home);
    for (const mode of [0o400, 0o600, 0o640, 0o644, 0o755]) {
      const path = join(home, `file-${mode.toString(8)}`);
      writeFileSync(path, `${uid} ${mode}`);
      chownSync(path, uid, uid);
      chmodSync(path, mode);
    }
    mkdirSync(join(home, 'shared'));
    chownSync(join(home, 'shared'), uid, 100);
    chmodSync(join(home, 'shared'), 0o2770);
    for (let index = 0; index < filesOfEach; index += 1) {
      const path = join(home, `many-${index % 40}`);
      if (index < 40) mkdirSync(path);
      const file = join(path, `${index}`);
      writeFileSync(file, `${index}`);
      chownSync(file, uid, people[index % people.length] ?? 0);
      chmodSync(file, modes[index % modes.length] ?? 0);
      utimesSync(file, index, 1_700_000_000 + index * 61);
    }
    symlinkSync('file-600', join(home, 'link'));
    lchownSync(join(home, 'link'), uid, uid);
    chownSync(home, uid, uid);
    chmodSync(home, 0o700);
  }
}

/** Sizes as people write them. */
const sizes = '10G 500M 5e8 1.1Gi 1Mi 10Mi 11Mi 100M 1G 1500M 2.5Gi 129M 123Mi 1e9 0.5Gi 999999999 12345678901 3Gi 128974848 700Ki'.split(' ');

const storages = [
  { name: 'longhorn', step: '2Mi', least: '10Mi' },
  { name: 'rounds-to-gibibytes', step: '1Gi', least: '1Gi' },
  { name: 'rounds-to-4-mebibytes', step: '4Mi', least: '4Mi' },
] as const;

export const forkContentScenarios: readonly DataScenario[] = [
  {
    name: 'owners, groups, modes and times of more than 10,000 entries of five users come back as they were',
    pvcs: 1,
    parallel: true,
    play: async (context) => {
      await context.cluster.namespace('owners');
      await context.admitted('owners', 'data');
      await context.bound('owners', 'data');
      const contents = await context.change('owners', 'data', byManyUsers);
      const before = owners(await context.cluster.node.volumes.folderOf('owners', 'data'), newestInside);
      await context.backUp('owners', 'data', contents);
      await context.lose('owners', 'data');
      await context.admitted('owners', 'data');
      await context.restored('owners', 'data', 300);
      const after = owners(await context.cluster.node.volumes.folderOf('owners', 'data'), ownTime);
      same(after.filter((line, index) => line !== before[index]).slice(0, 5), [], 'the first entries that differ in owner, mode or time');
      same(after.length, before.length, 'the number of entries');
      return `${before.length} entries`;
    },
  },
  {
    name: 'file names of 246 to 255 bytes come back',
    pvcs: 1,
    parallel: true,
    play: async (context) => {
      await context.cluster.namespace('long-names');
      await context.protect('long-names', 'data', { files: 1 });
      const contents = await context.change('long-names', 'data', (folder) => {
        for (const name of ['n'.repeat(246), 'm'.repeat(250), 'o'.repeat(255), '🗄'.repeat(62)]) {
          writeFileSync(join(folder, name), name);
          chownSync(join(folder, name), 568, 568);
        }
      });
      await context.backUp('long-names', 'data', contents);
      await context.lose('long-names', 'data');
      await context.admitted('long-names', 'data');
      await context.restored('long-names', 'data', 120);
    },
  },
  {
    name: 'a sparse file that is larger than its volume comes back, and takes no more room than before',
    pvcs: 1,
    parallel: true,
    play: async (context) => {
      const name = 'takes-no-more-than-its-size';
      await context.cluster.applyAll([classWith(name, { enforced: true })]);
      const spec = { storageClassName: name, resources: { requests: { storage: '64Mi' } } };
      await context.cluster.namespace('sparse');
      await context.protect('sparse', 'data', { spec, sparse: 200_000_000 });
      await context.lose('sparse', 'data');
      await context.admitted('sparse', 'data', { spec });
      await context.restored('sparse', 'data', 120);
    },
  },
  {
    name: `a claim of any size comes back: ${sizes.length} sizes on ${storages.length} storages that round`,
    pvcs: sizes.length,
    parallel: true,
    play: async (context) => {
      await context.cluster.namespace('sizes');
      await context.cluster.applyAll(storages.slice(1).map(({ name, ...each }) => classWith(name, each)));
      const claims = sizes.map((storage, i) => {
        const spec = { storageClassName: storages[i % storages.length]?.name, resources: { requests: { storage } } };
        return { name: `data-${i}`, spec };
      });
      const limit = pLimit(4);
      const each = (act: (claim: (typeof claims)[number]) => Promise<void>): Promise<void[]> => limit.map(claims, act);
      await each(({ name, spec }) => context.protect('sizes', name, { spec, files: 1, bulk: 1000 }));
      await each(({ name }) => context.remove('sizes', name));
      await Promise.all(claims.map(({ name, spec }) => context.admitted('sizes', name, { spec })));
      const late: string[] = [];
      await Promise.all(
        claims.map(({ name, spec }) =>
          context.restored('sizes', name, 180).catch((error: Error) => {
            late.push(`${spec.resources.requests.storage} on ${spec.storageClassName}: ${error.message}`);
          }),
        ),
      );
      same(late, [], 'the claims that did not come back');
    },
  },
];
