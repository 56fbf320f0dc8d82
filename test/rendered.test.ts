import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { load, loadAll } from 'js-yaml';
import { buildTree, type SiteValues } from '../lib';
import { homelab } from '../examples/homelab/site';
import { goldenFiles, goldenFolder as golden } from '../scripts/golden';
import { notTested } from './support/not-tested';
import { type Data, repository } from '../verify/tree';
import { header } from '../lib/gitops/tree';

const site: SiteValues = homelab;
const rendered = buildTree(site).render();
const objectCount = [...rendered.values()].flatMap(({ objects }) => objects).length;
const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();

let scratch: string;
beforeAll(() => (scratch = mkdtempSync(join(tmpdir(), 'zero-touch-pvc-'))));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('the rendered example', () => {
  test('is test/golden/homelab, to the byte, and nothing else; npm run golden writes it anew', () => {
    expect(filesBelow(golden)).toEqual([...rendered.keys()].toSorted());
    expect([...goldenFiles()].filter(([path, text]) => readFileSync(join(golden, path), 'utf8') !== text).map(([path]) => path)).toEqual([]);
  });

  test('leaves out there what has its own place in Git, the text of the bundle, and nothing else', () => {
    const [path, text] = [...goldenFiles()].find(([file]) => file.endsWith('/pvc-plumber/program.yaml'))!;
    const placeholder = 'the text of pvc-plumber/bundle/pvc-plumber.js';
    const [config] = loadAll(text) as Data[];
    const bundle = readFileSync(join(repository, 'pvc-plumber/bundle/pvc-plumber.js'), 'utf8');
    expect(config!.data['pvc-plumber.js']).toBe(placeholder);
    expect([{ ...config, data: { 'pvc-plumber.js': bundle } }]).toEqual(rendered.get(path)!.objects);
    expect([...goldenFiles()].filter(([file, each]) => rendered.get(file)!.text !== each).map(([file]) => file)).toEqual([path]);
  });

  test('is the same when it is rendered once more', () => {
    expect([...buildTree(site).render()].map(([path, { text }]) => [path, text])).toEqual([...rendered].map(([path, { text }]) => [path, text]));
  });

  test('has the files of the description’s table, with that content', () => {
    const kinds = (path: string): string[] => rendered.get(path)!.objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(kinds('infrastructure/controllers/kyverno/policies/volsync-pvc-backup-restore.yaml')).toContain(
      'ClusterPolicy volsync-pvc-backup-restore',
    );
    expect(kinds('infrastructure/controllers/kyverno/rbac-patch.yaml')).toContain('ClusterRole kyverno:background-controller:volsync');
    expect(kinds('infrastructure/controllers/argocd/apps/pvc-plumber-app.yaml')).toEqual(['Application pvc-plumber']);
    expect(kinds('monitoring/prometheus-stack/volsync-alerts.yaml')).toEqual(['PrometheusRule volsync-alerts']);
    const folder = (path: string): string[] => [...rendered.keys()].filter((file) => file.startsWith(path)).flatMap(kinds);
    expect(folder('infrastructure/controllers/pvc-plumber/')).toEqual(expect.arrayContaining(['Deployment pvc-plumber', 'Service pvc-plumber']));
    expect(folder('infrastructure/storage/volsync/')).toEqual(['VolumeSnapshotClass longhorn-snapclass']);
    expect(kinds('infrastructure/controllers/argocd/apps/volsync-app.yaml')).toEqual(['Application volsync']);
  });
});

describe('the YAML means the same to two parsers', () => {
  test('js-yaml, strict: the objects, without anchors or double keys', () => {
    for (const [path, { text, objects }] of rendered) {
      expect({ path, objects: loadAll(text) }).toEqual({ path, objects });
      // A mapping that starts with & or a value that is one * would be an anchor; all others of these are quoted.
      expect(text).not.toMatch(/(^|[:-] )[&*]\w+/m);
    }
    expect(() => load('a: 1\na: 2\n')).toThrow('duplicated mapping key');
  });

  test('Go’s parser, by kubectl kustomize', () => {
    if (spawnSync('kubectl', ['version', '--client']).status !== 0) {
      return notTested('the tree as Go’s YAML parser reads it: there is no kubectl');
    }
    const tree = join(scratch, 'go');
    for (const [path, { text }] of rendered) {
      mkdirSync(join(tree, dirname(path)), { recursive: true });
      writeFileSync(join(tree, path), text);
    }
    const resources = [...rendered.keys()];
    writeFileSync(
      join(tree, 'kustomization.yaml'),
      JSON.stringify({ apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources }),
    );
    const read = loadAll(execFileSync('kubectl', ['kustomize', tree], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })) as Data[];
    const key = ({ kind, metadata }: Data): string => `${kind} ${metadata.namespace} ${metadata.name}`;
    const sorted = (objects: readonly Data[]): Data[] => objects.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
    expect(sorted(read)).toEqual(sorted([...rendered.values()].flatMap(({ objects }) => objects)));
  });
});

describe('the commands', () => {
  const run = (command: readonly string[], out: string, cwd = repository): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(command[0]!, command.slice(1), { cwd, encoding: 'utf8', env: { ...process.env, CDK8S_OUTDIR: out, CDK8S_CHECK_UPGRADE: 'false' } });
  const synth = [process.execPath, '--import', 'tsx', 'examples/homelab/main.ts'];

  test('npm run synth writes what differs, removes a stale file, leaves a stranger’s alone, and says so', () => {
    const out = join(scratch, 'out');
    expect(run(synth, out).stdout).toContain(`${rendered.size} files, ${objectCount} objects; ${rendered.size} written, 0 removed`);
    mkdirSync(join(out, 'infrastructure/old'));
    writeFileSync(join(out, 'infrastructure/old/stale.yaml'), `${header}\nkind: Secret\n`);
    writeFileSync(join(out, 'bootstrap/root-app.yaml'), `${header}\nedited by hand\n`);
    writeFileSync(join(out, 'README.md'), 'mine');
    const second = run(synth, out).stdout;
    expect(second).toContain('1 written, 1 removed');
    expect(second).toContain('removed  infrastructure/old/stale.yaml');
    rmSync(join(out, 'README.md'));
    expect(filesBelow(out)).toEqual(filesBelow(golden));
    expect(run(synth, out).stdout).toContain('nothing changed');
  });

  test('cdk8s synth, as users’ CI calls it, renders the same', () => {
    const out = join(scratch, 'cli');
    const cli = [process.execPath, join(repository, 'node_modules/cdk8s-cli/bin/cdk8s'), 'synth'];
    const { status, stderr } = run([...cli, '--app', synth.join(' '), '--output', out], out);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(filesBelow(out)).toEqual(filesBelow(golden));
    expect(filesBelow(out).filter((path) => readFileSync(join(out, path), 'utf8') !== rendered.get(path)!.text)).toEqual([]);
  });

  test('a wrong value ends with one message, exit code 1, and no file touched', () => {
    const out = join(scratch, 'wrong');
    const wrong = join(scratch, 'wrong.ts');
    writeFileSync(
      wrong,
      `import { synth } from ${JSON.stringify(join(repository, 'lib'))};
       synth({ ...${JSON.stringify(site)}, s3: { endpoint: 'http://192.168.10.133:30292/volsync', bucket: 'volsync-backup' } });`,
    );
    const { status, stdout, stderr } = run([process.execPath, '--import', 'tsx', wrong], out);
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n')).toEqual([
      'The site values in main.ts are not usable:',
      expect.stringMatching(/^ {2}- site\.s3\.endpoint: "http:\/\/192\.168\.10\.133:30292\/volsync" has more than scheme, host and port/),
    ]);
    expect(() => readdirSync(out)).toThrow('ENOENT');
  });
});
