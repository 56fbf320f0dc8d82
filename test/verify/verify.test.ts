import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { homelab } from '../../examples/homelab/site';
import { buildTree } from '../../lib';
import { repository } from '../../verify/tree';
import { header } from '../../lib/gitops/tree';

/** A project of a person's own: the repository with another main.ts. */
const root = join(repository, '.cache', `verify-${process.pid}`);

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

/** Runs a program of the project. */
function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const { CDK8S_OUTDIR: _, ...env } = process.env;
  return spawnSync(process.execPath, ['--import', 'tsx', ...args], { cwd: root, encoding: 'utf8', env });
}
const synth = (): ReturnType<typeof run> => run('main.ts');
const verify = (...args: string[]): ReturnType<typeof run> => run(join(root, 'verify', 'run.ts'), ...args);

beforeAll(() => {
  mkdirSync(root, { recursive: true });
  for (const name of ['lib', 'verify', 'imports', 'pvc-plumber', 'scripts', 'versions.ts', 'examples'])
    symlinkSync(join(repository, name), join(root, name));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeEach(() => {
  write('main.ts', `import { homelab } from './examples/homelab/site';\nimport { synth } from './lib';\nsynth(homelab);\n`);
});

const mainWith = (body: string): string =>
  `import { homelab } from './examples/homelab/site';\nimport { synth } from './lib';\nimport * as own from './own';\nsynth(homelab, (platform) => {\n${body}\n});\n`;

test('a tree of one’s own, rendered: green, and it says what is backed up', () => {
  write('own.ts', `export const add = (platform: any) => platform.app('notes').volume('data', { size: '1Gi', backup: 'hourly' });\n`);
  write('main.ts', mainWith('  own.add(platform);'));
  expect(synth().status).toBe(0);
  const { status, stdout, stderr } = verify();
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const objects = [...buildTree(homelab).render().values()].flatMap((file) => file.objects);
  expect(stdout).toContain(`, ${objects.length + 2} objects, 2 of them yours`);
  expect(stdout).toContain('labels: volumes with a backup 1 (hourly 1), without 0');
  expect(stdout).toContain('ok     the output folder is what main.ts renders');
}, 60_000);

test('an edit without synth, a file edited by hand and a misspelt label in code and in YAML: each named, with the remedy', () => {
  expect(synth().status).toBe(0);
  write(
    'own.ts',
    `import { ApiObject } from 'cdk8s';
export function add(platform: any): void {
  const app = platform.app('notes');
  const metadata = { name: 'data', namespace: 'notes', labels: { backups: 'hourly' } };
  const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
  new ApiObject(app.file('pvc.yaml'), 'pvc', { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata, spec });
}
`,
  );
  write('main.ts', mainWith('  own.add(platform);'));
  write('dist/bootstrap/root-app.yaml', `${header}\nby hand\n`);
  write('my-apps/photos/pvc.yaml', 'kind: PersistentVolumeClaim\nmetadata: { name: library, namespace: photos, labels: { Backup: daily } }\n');
  write('my-apps/photos/broken.yaml', 'a: [\n');
  const { status, stdout } = verify();
  rmSync(join(root, 'my-apps'), { recursive: true });
  expect(status).toBe(1);
  expect(stdout).toContain(
    '- my-apps/notes/pvc.yaml: PersistentVolumeClaim notes/data (own.ts:6): it is NOT backed up: the label "backups" protects nothing',
  );
  expect(stdout).toContain('- my-apps/photos/pvc.yaml: PersistentVolumeClaim photos/library: it is NOT backed up: the label "Backup"');
  expect(stdout).toContain('- dist/my-apps/notes/pvc.yaml is missing: run npm run synth, and commit it');
  expect(stdout).toContain('- dist/bootstrap/root-app.yaml differs from what main.ts renders: run npm run synth');
  expect(stdout).toContain('NOT CHECKED: the labels in my-apps/photos/broken.yaml');
  expect(stdout).toContain('5 problems');
}, 60_000);

test('plain Applications that give up or own what they ignore, and policies that would see labelled PVCs only, are found; what Kustomize or Helm renders is said to be unknown', () => {
  expect(synth().status).toBe(0);
  const application = (retry: string): string =>
    `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: other, namespace: argocd }\nspec: { syncPolicy: { automated: {}${retry} } }\n`;
  write('my-apps/mine/app.yaml', application(''));
  write('my-apps/patient/app.yaml', application(', retry: { limit: -1, refresh: true }'));
  const policy = (kind: string): string =>
    `apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: { name: mine }\nspec: { rules: [{ match: { any: [{ resources: { kinds: [${kind}] } }] } }] }\n`;
  write('my-apps/mine/policy.yaml', policy('PersistentVolumeClaim'));
  write('my-apps/patient/policy.yaml', policy('Pod'));
  write(
    'my-apps/respecting/app.yaml',
    application(', retry: { limit: -1, refresh: true }, syncOptions: [ServerSideApply=true, RespectIgnoreDifferences=true]'),
  );
  write('my-apps/layered/kustomization.yaml', 'resources: [pvc.yaml]\n');
  write('my-apps/layered/pvc.yaml', 'kind: PersistentVolumeClaim\nmetadata: { name: data }\n');
  write('my-apps/charted/Chart.yaml', 'name: charted\n');
  const { status, stdout } = verify();
  rmSync(join(root, 'my-apps'), { recursive: true });
  expect(status).toBe(1);
  expect(stdout).toContain('my-apps/mine/app.yaml: Application other gives up after some retries');
  expect(stdout).toContain(
    'my-apps/mine/policy.yaml: ClusterPolicy mine is about PersistentVolumeClaims, and Kyverno is asked about labelled ones only',
  );
  expect(stdout).not.toContain('my-apps/patient');
  expect(stdout).toContain('my-apps/respecting/app.yaml: Application other has RespectIgnoreDifferences=true');
  expect(stdout).toContain('NOT CHECKED: the labels in my-apps/layered, which Kustomize or Helm renders');
  expect(stdout).toContain('NOT CHECKED: the labels in my-apps/charted, which Kustomize or Helm renders');
  expect(stdout).not.toContain('layered/pvc.yaml');
}, 60_000);

test('a platform that was bent is found, with the rule that it breaks and what to do', () => {
  write(
    'own.ts',
    `import { JsonPatch } from 'cdk8s';
export function bend(platform: any): void {
  const policy = platform.node.findAll().find((each: any) => each.kind === 'NetworkPolicy');
  policy.addJsonPatch(JsonPatch.replace('/spec/ingress', []));
}
`,
  );
  write('main.ts', mainWith('  own.bend(platform);'));
  const rendered = synth();
  expect(rendered).toMatchObject({ status: 0, stderr: '' });
  const { status, stdout } = verify();
  expect(status).toBe(1);
  expect(stdout).toContain('WRONG  pvc-plumber may be asked by Kyverno and Prometheus');
  expect(stdout).toContain("- kyverno can't ask");
  expect(stdout).toContain('take back what your code changes');
}, 60_000);

test('values that synth refuses, a main.ts that renders nothing, and one that renders twice: one message, no stack', () => {
  write(
    'main.ts',
    `import { homelab } from './examples/homelab/site';\nimport { synth } from './lib';\nsynth({ ...homelab, s3: { endpoint: 'nas', bucket: 'b' } });\n`,
  );
  const wrong = verify();
  expect(wrong.status).toBe(1);
  expect(wrong.stderr).toContain('s3.endpoint: "nas"');
  write('main.ts', 'export {};\n');
  expect(verify().stderr).toBe('main.ts calls synth 0 times while it is loaded: call it once, with all your values, so that one tree is rendered\n');
  write('main.ts', `import { homelab } from './examples/homelab/site';\nimport { synth } from './lib';\nsynth(homelab);\nsynth(homelab);\n`);
  expect(verify().stderr).toMatch(/^main\.ts calls synth 2 times/);
  expect(verify('other.ts').stderr).toBe('other.ts does not exist: run this in the folder of main.ts\n');
}, 60_000);

test('--help says what it does, and does nothing', () => {
  expect(verify('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('npm run verify'), stderr: '' });
});
