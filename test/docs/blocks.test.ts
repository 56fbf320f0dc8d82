import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadAll } from 'js-yaml';
import { homelab } from '../../examples/homelab/site';
import { values as externalSecretsValues } from '../../imports/charts/external-secrets';
import { values as stackValues } from '../../imports/charts/kube-prometheus-stack';
import { values as kyvernoValues } from '../../imports/charts/kyverno';
import { buildTree, type SiteValues } from '../../lib';
import { annotation, backupLabel } from '../../lib/model/naming';
import { coreProblems } from '../../verify/core-schemas';
import { CrdSchemas } from '../../verify/crd-schemas';
import { type Data, repository } from '../../verify/tree';
import { readExpression } from '../monitoring/promql-reader';
import { notTested } from '../support/not-tested';
import { type Block, blocksOf, documents, inlineOf } from './blocks';
import { flags, insideOthers, labelledByOthers, madeByOthers, used } from './kubectl';
import { inRepository, problemsOf, trusted } from './programs';
import { commandsOf } from './shell';

jest.setTimeout(180_000);

/** Blocks that no test here reads, by document and first words, with where they are looked at, or why nothing can. */
const notRead: Readonly<Record<string, string>> = {
  'docs/policy.md: flowchart TD': 'a drawing; Git hosts draw it, and no program here reads Mermaid',
  'docs/extending.md: error TS2820': 'what the compiler says; test/extending.test.ts makes it say so',
  'docs/extending.md: site.charts.kyverno': 'what synth says; a test below makes it say so',
  'README.md: {"exists":true,"keyCount":3': 'answers of pvc-plumber; test/pvc-plumber/service.test.ts holds them',
};

/** Kinds whose schema nothing here has. */
const withoutSchema: Readonly<Record<string, string>> = {
  AlertmanagerConfig: 'only some sites have one, and a local copy of the CRDs may lack its schema (ofSomeSites in versions.ts)',
};

/** Paths in repositories of others, which look like ours. */
const pathsOfOthers: Readonly<Record<string, string>> = { 'docs/operator-manual/health.md': 'Argo CD, as docs/decisions.md says' };

const blocks = documents.flatMap(blocksOf);
const of = (...languages: string[]): [string, Block][] =>
  blocks.filter(({ language }) => languages.includes(language)).map((block) => [`${block.path}:${block.line}`, block]);
const listed = ({ path, text }: Block): string | undefined => Object.keys(notRead).find((key) => `${path}: ${text}`.startsWith(key));
const chartValues: readonly object[] = [stackValues, kyvernoValues, externalSecretsValues];
const filled = (text: string): string => text.replaceAll(/<[\w .-]+>/g, 'x');
const objectsIn = (path: string): Data[] =>
  blocks
    .filter((block) => block.path === path && block.language === 'yaml')
    .flatMap(({ text }) => loadAll(filled(text)) as Data[])
    .filter((object) => object?.kind !== undefined);

describe('every block', () => {
  test('is fenced, and says in which language it is; one that nothing reads is listed with a reason', () => {
    expect(blocks.length).toBeGreaterThan(60);
    const read = ['sh', 'yaml', 'ts', 'js', 'promql'];
    const others = blocks.filter(({ language }) => !read.includes(language));
    expect(others.filter((block) => listed(block) === undefined).map(({ path, line, language }) => `${path}:${line} ${language}`)).toEqual([]);
    expect(Object.keys(notRead).filter((key) => !others.some((block) => listed(block) === key))).toEqual([]);
  });
});

describe('commands', () => {
  test.each(of('sh'))('%s: a shell reads the block', (_, { text }) => {
    const { status, stderr } = spawnSync('bash', ['-n'], { input: filled(text), encoding: 'utf8' });
    expect([text, stderr, status]).toEqual([text, '', 0]);
  });

  test.each(of('sh'))('%s: programs, options, kinds, names and paths exist', (_, { path, text }) => {
    const place = { scope: { objects: objectsIn(path) }, folder: '' };
    expect(commandsOf(text).flatMap((command) => problemsOf(command, place))).toEqual([]);
  });

  test('inside sentences: the same', () => {
    const wrong = documents.flatMap((path) =>
      inlineOf(path)
        .filter(({ text }) => /^([A-Z_]+=\S+ )?(npm|npx|kubectl|node|git|kopia|rclone) /.test(text))
        .flatMap(({ line, text }) =>
          commandsOf(text)
            .flatMap((command) => problemsOf(command, { scope: { objects: objectsIn(path) }, folder: '' }))
            .map((problem) => `${path}:${line}: ${problem}`),
        ),
    );
    expect(wrong).toEqual([]);
  });

  test('what is taken on trust is used, each with its reason', () => {
    for (const path of documents) {
      const scope = { objects: objectsIn(path) };
      const texts = [...blocks.filter((block) => block.path === path && block.language === 'sh'), ...inlineOf(path)].map(({ text }) => text);
      for (const text of texts.filter((each) => /kubectl/.test(each))) {
        for (const command of commandsOf(text)) problemsOf(command, { scope, folder: '' });
      }
    }
    const tables = { ...madeByOthers, ...labelledByOthers, ...insideOthers };
    expect(Object.keys(tables).filter((key) => !used.has(key))).toEqual([]);
    const programs = new Set(
      documents
        .flatMap((path) => [...blocksOf(path), ...inlineOf(path)])
        .flatMap(({ text }) => Object.keys(trusted).filter((name) => text.includes(name))),
    );
    expect(Object.keys(trusted).filter((name) => !programs.has(name))).toEqual([]);
  });

  test.each<[string, string, string]>([
    ['a script that package.json lacks', 'npm run rennder', 'package.json has no such script'],
    ['an option that the program lacks', 'npm run e2e -- --fast', 'knows no "--fast"'],
    ['words that no scenario has', 'npm run e2e -- "no such words"', 'knows no "no such words"'],
    ['a kind', 'kubectl get replicationsauce -A', 'no kind is called replicationsauce'],
    ['a namespace', 'kubectl get pods -n kyvrno', 'there is no namespace kyvrno'],
    ['a name', 'kubectl get application volsink -n argocd', 'the tree has no Application volsink'],
    ['a name derived from a PVC', 'kubectl get secret <pvc>-volsync -n <namespace>', 'the tree has no Secret'],
    ['an option of kubectl', 'kubectl get pvc --everywhere', 'kubectl get has no --everywhere'],
    ['a label', 'kubectl get pods -l app=plumber', 'nothing has the label app=plumber'],
    ['a patch', 'kubectl patch pvc <pvc> -n <namespace> -p \'{"spec":}\'', 'is not JSON'],
    ['a path in a Pod', 'kubectl exec -n volsync-system deploy/pvc-plumber -- node /srv/pvc-plumber.js identify', 'is not where the tree puts'],
    ['a word of pvc-plumber', 'kubectl exec -n volsync-system deploy/pvc-plumber -- node /app/pvc-plumber.js identity', 'has no command identity'],
    ['an address', 'kubectl run t -n <namespace> --image=x -- curl -s http://pvc-plumber/exists/a/b', 'is not an address of pvc-plumber'],
    ['a path', 'kubectl apply --server-side -f dist/boot', 'there is no dist/boot'],
    ['a variable', 'E2E_STORM=5 npm run e2e', 'nothing reads the variable E2E_STORM'],
    ['a command of the package', 'npx zero-touch-pvc initialise x', 'has no command initialise'],
    ['a flag of it', 'npx zero-touch-pvc init x --bucket b', 'zero-touch-pvc init has no --bucket'],
    ['a program', 'helm ls -A', 'no test knows the program helm'],
  ])('noticed: %s that is not there', (_, text, problem) => {
    expect(
      commandsOf(text)
        .flatMap((command) => problemsOf(command, { scope: { objects: [] }, folder: '' }))
        .join('; '),
    ).toContain(problem);
  });

  test('kubectl has the options that are taken for its own', () => {
    if (spawnSync('kubectl', ['version', '--client']).status !== 0) return notTested('the options of kubectl: there is no kubectl');
    const wrong = Object.entries(flags).flatMap(([verb, known]) => {
      const { stdout } = spawnSync('kubectl', [...verb.split(' '), '--help'], { encoding: 'utf8' });
      return known
        .filter((flag) => flag !== '-n' && !new RegExp(`^ +(?:-\\w, )?${flag}\\b[,=]|^ +${flag}, `, 'm').test(stdout))
        .map((flag) => `${verb} ${flag}`);
    });
    expect(wrong).toEqual([]);
  });
});

describe('YAML', () => {
  const crds = CrdSchemas.load();
  if (crds === undefined) notTested('custom resources in the documents: there are no CRDs in .cache/crds. Run npm run crds');

  const documentsOf = (text: string): Data[] => (loadAll(filled(text)) as Data[]).filter((object) => object !== null);
  const ofKubernetes = ({ apiVersion }: Data): boolean => !apiVersion.includes('.') || /^[\w.]+\.k8s\.io\/v1$/.test(apiVersion);

  test.each(of('yaml'))('%s: kinds hold to their schemas, and values of a chart are its own', (_, { text }) => {
    const objects = documentsOf(text);
    expect(objects.length).toBeGreaterThan(0);
    for (const object of objects) {
      if (object.kind === undefined) expect(Math.min(...chartValues.map((values) => strangers(object, values).length))).toBe(0);
      else if (ofKubernetes(object)) expect(coreProblems(object)).toEqual([]);
      else if (!Object.hasOwn(withoutSchema, object.kind) && crds !== undefined) expect(crds.problems(object)).toEqual([]);
    }
  });

  test.each(of('yaml'))('%s: the labels and annotations are those of the tree', (_, { text }) => {
    for (const { kind, metadata } of documentsOf(text)) {
      if (kind === undefined) continue;
      const label = metadata.labels?.[backupLabel];
      expect([undefined, ...homelab.tiers.map((tier) => tier.label)]).toContain(label);
      const own = Object.keys(metadata.annotations ?? {}).filter((key) => key.startsWith('volsync.backup/'));
      expect(own.filter((key) => !(Object.values(annotation) as string[]).includes(key))).toEqual([]);
    }
  });

  test('a misspelt field is noticed, in a kind and in values of a chart', () => {
    const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'x' }, spec: { accessMode: ['ReadWriteOnce'] } };
    expect(coreProblems(claim).join('; ')).toContain('spec.accessMode is not a field');
    expect(strangers({ prometheus: { prometheusSpecs: {} } }, stackValues)).toEqual(['prometheus.prometheusSpecs']);
  });
});

/** Keys of values that a chart does not have. */
function strangers(values: Data, shape: unknown, path = ''): string[] {
  if (typeof shape !== 'object' || shape === null || Array.isArray(shape)) return [];
  return Object.entries<Data>(values).flatMap(([key, value]) => {
    const place = path === '' ? key : `${path}.${key}`;
    return Object.hasOwn(shape, key) ? strangers(value, (shape as Data)[key], place) : [place];
  });
}

describe('TypeScript', () => {
  // docs/extending.md is compiled and run in test/extending.test.ts, docs/library.md in test/package.test.ts, the site of
  // docs/existing-cluster.md in test/site/choices.test.ts, and the scenario of CONTRIBUTING.md below.
  const fragments = of('ts', 'js').filter(
    ([, { path, text }]) => !['docs/extending.md', 'docs/library.md', 'CONTRIBUTING.md'].includes(path) && !text.startsWith('import '),
  );

  test.each(fragments)('%s: a part of main.ts renders, in the place of the example’s', (_, { text }) => {
    // An id that a reader's store has, and three dots for the fields of a block that stay as they are.
    const code = text.replaceAll('…', 'an-id').replaceAll(/(\w+): \{(.*?), \.\.\. \}/gs, '$1: { ...site.$1,$2 }');
    const part = new Function('site', `return {${code}}`)(homelab) as Partial<SiteValues>;
    // Credentials come from one place.
    const { onepassword, ...others } = homelab as SiteValues;
    const site = { ...others, ...('secrets' in part || 'ownSecret' in part ? {} : { onepassword }), ...part } as SiteValues;
    const tree = buildTree(site, undefined, '/nowhere').render();
    expect(tree.size).toBeGreaterThan(20);
    expect(() => buildTree({ ...site, unknown: 1 } as never, undefined, '/nowhere')).toThrow('has no "unknown"');
  });

  test('there are some', () => expect(fragments.length).toBeGreaterThanOrEqual(3));

  test('the scenario of CONTRIBUTING.md compiles, in the place that the page names', () => {
    const [scenario, ...others] = of('ts').filter(([, { path }]) => path === 'CONTRIBUTING.md');
    expect(others).toEqual([]);
    const folder = join(repository, '.cache', `contributing-${process.pid}`);
    mkdirSync(folder, { recursive: true });
    try {
      const imported = ['scenario: parallelScenario, type Scenario', 'pvc: pvc, refused'].map((line) => line.split(': '));
      const lines = imported.map(([file, names]) => `import { ${names} } from '../../e2e/harness/${file}';`);
      writeFileSync(join(folder, 'new.ts'), `${lines.join('\n')}\nexport const added: readonly Scenario[] = [\n${scenario![1].text}];\n`);
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: join(repository, 'tsconfig.json'), include: ['new.ts'], exclude: [] }));
      const { stdout } = spawnSync(process.execPath, [join(repository, 'node_modules/typescript/bin/tsc'), '-p', folder], { encoding: 'utf8' });
      expect(stdout).toBe('');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

test('docs/extending.md shows what synth says about a value of a chart that the product depends on', () => {
  const [said] = blocks.filter(({ text }) => text.startsWith('site.charts.kyverno'));
  const charts = { kyverno: { values: { config: { updateRequestThreshold: 1000 } } } };
  expect(() => buildTree({ ...(homelab as SiteValues), charts }, undefined, '/nowhere').render()).toThrow(said!.text.trim());
});

test.each(of('promql'))('%s: PromQL reads the queries', (_, { text }) => {
  for (const line of filled(text).trim().split('\n')) expect(readExpression(line).selectors.length).toBeGreaterThan(0);
});

test('every path of the repository that a document names exists', () => {
  const folders = /^(lib|test|docs|e2e|pvc-plumber|verify|scripts|examples|imports|bench|dist)\/[\w./-]+$/;
  // Tables of rooms name modules without their ending.
  const exists = (path: string): boolean => ['', '.ts'].some((ending) => inRepository(path + ending));
  const wrong = documents.flatMap((document) =>
    inlineOf(document)
      .filter(({ text }) => folders.test(text))
      .filter(({ text }) => !exists(text) && !Object.hasOwn(pathsOfOthers, text))
      .map(({ line, text }) => `${document}:${line}: ${text}`),
  );
  expect(wrong).toEqual([]);
});
