import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { homelab } from '../examples/homelab/site';
import { repository } from '../verify/tree';

/** A folder that looks like the root of the repository to the modules of the document. */
const root = join(repository, '.cache', `extending-${process.pid}`);

/** Each ```ts block of docs/extending.md is a module; one that only exports functions is called by a small main of ours. */
const modules = [...readFileSync(join(repository, 'docs', 'extending.md'), 'utf8').matchAll(/^```ts\n(.*?)^```/gms)].map(([, text], index) => ({
  name: `block${index + 1}`,
  text: text!,
  exported: [...text!.matchAll(/^export function (\w+)/gm)].map(([, name]) => name!),
}));

beforeAll(() => {
  mkdirSync(root, { recursive: true });
  for (const name of ['lib', 'imports', 'pvc-plumber', 'versions.ts']) symlinkSync(join(repository, name), join(root, name));
  writeFileSync(
    join(root, 'tsconfig.json'),
    JSON.stringify({ extends: join(repository, 'tsconfig.json'), include: ['block*.ts', 'main*.ts'], exclude: [] }),
  );
  for (const { name, text, exported } of modules) {
    writeFileSync(join(root, `${name}.ts`), text);
    const call = exported.map((each) => `${each}(platform);`).join(' ');
    writeFileSync(
      join(root, `main-${name}.ts`),
      exported.length === 0
        ? `import './${name}';\n`
        : `import { synth } from './lib';\nimport { ${exported.join(', ')} } from './${name}';\nsynth(${JSON.stringify(homelab)} as const, (platform) => { ${call} });\n`,
    );
  }
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('docs/extending.md has an example for a tier, an alert, an Application, an app with a volume, a file of one’s own, and a chart with a volume', () => {
  expect(
    modules.map(({ text }) =>
      ["label: 'weekly'", 'platform.alerts(', 'platform.application(', 'app.volume(', 'database(', 'claimName: data.claimName } },'].filter((part) =>
        text.includes(part),
      ),
    ),
  ).toEqual([
    ["label: 'weekly'"],
    ['platform.alerts('],
    ['platform.application('],
    ['app.volume('],
    ['app.volume(', 'database('],
    ['platform.application(', 'app.volume(', 'claimName: data.claimName } },'],
  ]);
});

test('every example compiles', () => {
  const { status, stdout } = spawnSync(process.execPath, [join(repository, 'node_modules/typescript/bin/tsc'), '--noEmit', '-p', root], {
    encoding: 'utf8',
  });
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
});

test('a misspelt tier does not compile, in the words that the document shows', () => {
  const [, shown] = /```text\n(error TS[^\n]*)\n/.exec(readFileSync(join(repository, 'docs', 'extending.md'), 'utf8')) ?? [];
  const volume = modules.find(({ text }) => text.includes("backup: 'hourly'"))!;
  writeFileSync(join(root, 'block-misspelt.ts'), volume.text.replace("backup: 'hourly'", "backup: 'hourli'"));
  const { stdout } = spawnSync(process.execPath, [join(repository, 'node_modules/typescript/bin/tsc'), '--noEmit', '-p', root], {
    encoding: 'utf8',
  });
  rmSync(join(root, 'block-misspelt.ts'));
  expect(shown).toBeDefined();
  expect(stdout).toContain(shown);
});

test.each(modules)('the example $name runs and adds to the tree', ({ name }) => {
  const out = join(root, 'out', name);
  execFileSync(process.execPath, ['--import', 'tsx', join(root, `main-${name}.ts`)], { cwd: repository, env: { ...process.env, CDK8S_OUTDIR: out } });
  const added: Record<string, string[]> = {
    block1: ['infrastructure/controllers/kyverno/policies/volsync-pvc-backup-restore.yaml'],
    block2: ['monitoring/prometheus-stack/storage-alerts.yaml'],
    block3: ['infrastructure/controllers/argocd/apps/cert-manager-app.yaml', 'infrastructure/controllers/cert-manager/issuer.yaml'],
    block4: ['my-apps/notes/deployment.yaml', 'my-apps/notes/namespace.yaml', 'my-apps/notes/notes-data-pvc.yaml'],
    block5: ['my-apps/postgres/postgres-data-pvc.yaml', 'my-apps/postgres/postgres-dumps-pvc.yaml'],
    block6: ['my-apps/gitea/gitea-data-pvc.yaml', 'infrastructure/controllers/argocd/apps/gitea-server-app.yaml'],
  };
  expect(readdirSync(out, { recursive: true })).toEqual(expect.arrayContaining(added[name]!));
  if (name === 'block1')
    expect(readFileSync(join(out, added[name]![0]!), 'utf8')).toMatch(/labels\.backup \}\}'?\n\s+operator: AnyIn\n\s+value:\n\s+- weekly/);
});
