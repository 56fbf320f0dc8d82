import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { buildTree, ProblemsError, type SiteValues } from '../lib';
import { repository } from '../verify/tree';
import { scratchFolder } from './support/scratch';

/** Each earlier release: all values that a site could have then, and the policies that it rendered. */
const folder = join(repository, 'e2e', 'releases');
const releases = readdirSync(folder);

const valuesOf = (release: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(folder, release, 'site.json'), 'utf8')) as Record<string, unknown>;

/** What is refused, by value. */
function problems(values: unknown): readonly string[] {
  try {
    buildTree(values as SiteValues).render();
    return [];
  } catch (error) {
    if (error instanceof ProblemsError) return error.problems;
    throw error;
  }
}

test('there is an earlier release', () => expect(releases).toContain('first'));

test.each(releases)('%s: each value that it knew is accepted, or refused with the words what to write instead', (release) => {
  const refused = problems(valuesOf(release));
  expect(refused.filter((problem) => !/: is gone since \d+\.\d+\.\d+: .*(remove the line|write .*) \(docs\/upgrading\.md\)$/.test(problem))).toEqual(
    [],
  );
  const manual = readFileSync(join(repository, 'docs/upgrading.md'), 'utf8');
  for (const problem of refused) expect(manual).toContain(`\`${/^site\.([\w.]+):/.exec(problem)![1]}`);
});

test('the first release: the one value that is gone is named, and what to do', () => {
  expect(problems(valuesOf('first'))).toEqual([
    "site.backstop: is gone since 0.2.0: the API server's policies are always rendered, and need Kubernetes 1.31; remove the line (docs/upgrading.md)",
  ]);
});

/** What must not change under PVCs that exist: where their backups lie, as whom they are made, and by which names they are found. */
function identities(yaml: string): readonly string[] {
  const fields = [...yaml.matchAll(/^\s*((?:KOPIA_REPOSITORY|hostname|username|repository): .*volsync.*|(?:hostname|username): .*)$/gm)];
  return [...new Set(fields.map(([, field]) => field!))].toSorted();
}

test.each(releases)('%s: its site renders over its tree, and finds the backups where they were', (release) => {
  const { backstop: _, ...values } = valuesOf(release);
  const scratch = scratchFolder();
  const policies = join(scratch, 'dist/infrastructure/controllers/kyverno/policies');
  mkdirSync(policies, { recursive: true });
  for (const file of readdirSync(join(folder, release)).filter((each) => each.startsWith('volsync-')))
    cpSync(join(folder, release, file), join(policies, file));
  writeFileSync(join(policies, 'volsync-pvc-backup-old.yaml'), readFileSync(join(policies, 'volsync-pvc-backup-restore.yaml')));
  mkdirSync(join(scratch, 'dist/bootstrap'));
  writeFileSync(join(scratch, 'dist/bootstrap/root-app.yaml'), readFileSync(join(policies, 'volsync-pvc-backup-restore.yaml')));

  writeFileSync(
    join(scratch, 'main.ts'),
    `import { synth } from ${JSON.stringify(join(repository, 'lib'))};\nsynth(${JSON.stringify(values)} as never);\n`,
  );
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', join(repository, 'node_modules/tsx/dist/loader.mjs'), 'main.ts'], {
    cwd: scratch,
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/ written, 1 removed$/m);
  expect(readdirSync(policies)).not.toContain('volsync-pvc-backup-old.yaml');
  const file = 'volsync-pvc-backup-restore.yaml';
  const before = identities(readFileSync(join(folder, release, file), 'utf8'));
  expect(before.map((field) => field.split(':')[0])).toEqual(['KOPIA_REPOSITORY', 'hostname', 'repository', 'username']);
  expect(identities(readFileSync(join(policies, file), 'utf8'))).toEqual(before);
  expect(existsSync(join(policies, 'volsync-pvc-backup-mover.yaml'))).toBe(true);
  expect(load(readFileSync(join(scratch, 'dist/bootstrap/root-app.yaml'), 'utf8'))).toMatchObject({
    kind: 'Application',
    metadata: { name: 'root' },
  });
});
