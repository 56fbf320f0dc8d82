import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { homelab } from '../../examples/homelab/site';
import { buildTree, type SiteValues } from '../../lib';
import { objectNames } from '../../lib/gitops/object-names';
import { parseSite } from '../../lib/site/schema';
import { secretKeys } from '../../lib/model/secret-key';
import { components, thereAlready } from '../../lib/site/there-already';
import { invariants } from '../../verify/invariants';
import { entriesOf } from '../../verify/invariants/policy-invariants';
import { checkSchemas } from '../../verify/schemas';
import { type Data, repository, Tree } from '../../verify/tree';
import { askedOf, page, pageSite } from '../support/existing-page';
import { scratchFolder } from '../support/scratch';
import { choices, existing, vault } from '../support/variants';

const names = Object.keys(choices) as (keyof typeof choices)[];
const site: SiteValues = homelab;
const without = (some: readonly (keyof typeof choices)[]): SiteValues => Object.assign({}, site, ...some.map((name) => choices[name]));

/** Every component missing alone, and every component alone. */
const combinations = [
  ...names.map((name): [string, SiteValues] => [`${name} is there already`, without([name])]),
  ...names.map((name): [string, SiteValues] => [`only ${name} is the tree's`, without(names.filter((other) => other !== name))]),
];

test.each(combinations)('%s: every rule holds, and every object fits its schema', (_, values) => {
  const tree = Tree.of(values);
  const parsed = parseSite(values);
  expect(invariants.flatMap(({ name, check }) => check(tree, parsed).map((problem) => `${name}: ${problem}`))).toEqual([]);
  expect(checkSchemas(tree).problems).toEqual([]);
});

test('a component that is there already leaves nothing in the tree', () => {
  const all = Tree.of(site);
  const charts = (tree: Tree): string[] =>
    tree
      .ofKind('Application')
      .flatMap(({ spec }) => (spec.sources ?? []).flatMap(({ chart }: Data) => (chart === undefined ? [] : [chart as string])));
  const gone = (name: keyof typeof choices): string[] => {
    const tree = Tree.of(without([name]));
    const key = ({ kind, metadata }: Data): string => `${kind} ${metadata.name}`;
    const there = new Set(tree.objects.map(key));
    return [
      ...charts(all)
        .filter((chart) => !charts(tree).includes(chart))
        .map((chart) => `chart ${chart}`),
      ...all.objects.map(key).filter((object) => !there.has(object)),
    ].toSorted();
  };
  expect(Object.fromEntries(names.map((name) => [name, gone(name)]))).toEqual({
    onepassword: ['Application 1passwordconnect', 'Namespace 1passwordconnect', 'chart connect'],
    externalSecrets: ['Application external-secrets', 'Namespace external-secrets', 'chart external-secrets'],
    longhorn: ['Application longhorn', 'Job longhorn-uninstall', 'Namespace longhorn-system', 'chart longhorn'],
    snapshotController: ['Application snapshot-controller', 'Namespace snapshot-controller', 'chart snapshot-controller'],
    snapshots: ['VolumeSnapshotClass longhorn-snapclass'],
    volsync: ['Application volsync', 'Namespace volsync-system', 'chart volsync'],
    kyverno: ['Application kyverno', 'Namespace kyverno', 'chart kyverno'],
    monitoring: ['Namespace prometheus-stack', 'chart kube-prometheus-stack'],
    namespaces: ['Application namespaces', ...all.ofKind('Namespace').map(({ metadata }) => `Namespace ${metadata.name}`)].toSorted(),
    projects: ['AppProject infrastructure', 'AppProject monitoring', 'AppProject my-apps'],
    myApps: ['AppProject my-apps', 'ApplicationSet my-apps'],
    argocdConfig: ['ConfigMap argocd-cm'],
  });
});

test('with everything there already only the protection of PVCs is rendered', () => {
  const tree = Tree.of(existing);
  expect([...tree.texts.keys()].toSorted()).toEqual(
    [
      'bootstrap/root-app.yaml',
      ...['backup-backstop', 'backup-policies', 'backup-secret-store', 'prometheus-stack', 'pvc-plumber'].map(
        (name) => `infrastructure/controllers/argocd/apps/${name}-app.yaml`,
      ),
      'infrastructure/controllers/backstop/admission-policies.yaml',
      'infrastructure/controllers/external-secrets/cluster-secret-store.yaml',
      ...['cleanup', 'mover', 'repair', 'restore'].map((name) => `infrastructure/controllers/kyverno/policies/volsync-pvc-backup-${name}.yaml`),
      'infrastructure/controllers/kyverno/rbac-patch.yaml',
      ...['deployment', 'external-secret', 'network-policy', 'program', 'repair', 'service'].map(
        (name) => `infrastructure/controllers/pvc-plumber/${name}.yaml`,
      ),
      ...['dashboard', 'service-monitors', 'volsync-alerts'].map((name) => `monitoring/prometheus-stack/${name}.yaml`),
    ].toSorted(),
  );
});

test('how many files remain is what the page, README and changelog say, at most 21 without a store of the tree’s own', () => {
  const { onepassword, ...others } = existing;
  const files = (values: Partial<SiteValues>): number => Tree.of({ ...others, ...values } as SiteValues).texts.size;
  const least = files({ secrets: vault });
  expect(least).toBeLessThanOrEqual(21);
  const text = (name: string): string => readFileSync(join(repository, name), 'utf8');
  const said = [page, text('CHANGELOG.md')].map((each) => /(\d+) files\s+remain/.exec(each)?.[1]);
  expect([...said, /with everything left out (\d+)\s+files/.exec(text('README.md'))?.[1]].map(Number)).toEqual([least, least, least]);
  expect(page).toContain('A store of the credentials or a snapshot class that the tree makes is two more each.');
  expect(files({ onepassword })).toBe(least + 2);
  expect(files({ ownSecret: { name: 'backup-store' } })).toBe(least + 2);
  expect(files({ secrets: vault, snapshots: { driver: 'x.csi.example.com', outliveVolumes: true } })).toBe(least + 2);
});

test('where Kyverno is there already, the policies themselves say what Kyverno is asked about', () => {
  const tree = Tree.of(without(['kyverno']));
  const conditions = tree.one('ClusterPolicy', 'volsync-pvc-backup-restore').spec.webhookConfiguration.matchConditions;
  expect(conditions.map(({ name }: Data) => name)).toEqual(['creation', 'plain-name', 'labelled']);
  expect(parseSite(without(['kyverno'])).otherPvcPolicies).toBe(true);
});

test('the ten keys come from wherever the site keeps the five values', () => {
  const { onepassword: _, ...others } = site;
  const tree = Tree.of({ ...others, secrets: vault });
  const [secret] = tree
    .ofKind('ClusterPolicy')
    .flatMap(entriesOf)
    .filter(({ kind }) => kind === 'ExternalSecret');
  const { secretStoreRef, target, data } = secret!.data.spec;
  expect(secretStoreRef).toEqual({ kind: 'ClusterSecretStore', name: 'vault' });
  expect([...Object.keys(target.template.data), ...data.map(({ secretKey }: Data) => secretKey)].toSorted()).toEqual([...secretKeys]);
  expect(data.find(({ secretKey }: Data) => secretKey === 'KOPIA_PASSWORD').remoteRef).toEqual({
    key: 'backups/kopia',
    property: 'password',
    version: '3',
  });
  expect(tree.ofKind('ClusterSecretStore')).toEqual([]);
  expect(tree.ofKind('Application').map(({ metadata }) => metadata.name)).not.toContain('1passwordconnect');
});

test('each PVC gets the snapshot class of its StorageClass, and the site’s for any other', () => {
  const tree = Tree.of({
    ...site,
    storage: { storageClass: 'longhorn', snapshotClass: 'snap-a', snapshotClasses: { ceph: 'snap-b', 'ceph-fs': 'snap-c' } },
  });
  const text = JSON.stringify(tree.ofKind('ClusterPolicy'));
  expect(text).toContain(
    `{{ ((request.object.spec.storageClassName || 'longhorn') == 'ceph' && 'snap-b') || ((request.object.spec.storageClassName || 'longhorn') == 'ceph-fs' && 'snap-c') || 'snap-a' }}`,
  );
});

/** Names that the usual installations of these programs have, as kubectl names them. */
const usual = [
  ...['root', 'argocd', 'kyverno', 'external-secrets', 'longhorn', 'volsync', 'prometheus-stack', 'namespaces', 'snapshot-controller'].map(
    (name) => `argocd application.argoproj.io/${name}`,
  ),
  ...['infrastructure', 'monitoring', 'my-apps', 'default', 'platform'].map((name) => `argocd appproject.argoproj.io/${name}`),
  'argocd applicationset.argoproj.io/my-apps',
  ...['csi-rbdplugin-snapclass', 'csi-cephfsplugin-snapclass', 'longhorn', 'longhorn-snapclass', 'ceph-block'].map(
    (name) => `- volumesnapshotclass.snapshot.storage.k8s.io/${name}`,
  ),
  ...['vault', 'vault-backend', 'onepassword', '1password'].map((name) => `- clustersecretstore.external-secrets.io/${name}`),
  ...['kyverno', 'external-secrets', 'monitoring', 'rook-ceph', 'prometheus-stack', 'longhorn-system'].map((name) => `- namespace/${name}`),
  ...['kyverno:background-controller', 'kyverno:admission-controller:core', 'kyverno:cleanup-controller'].map(
    (name) => `- clusterrole.rbac.authorization.k8s.io/${name}`,
  ),
  ...['external-secrets', 'kyverno-admission-controller', 'volsync'].map((name) => `monitoring servicemonitor.monitoring.coreos.com/${name}`),
];

describe('docs/existing-cluster.md', () => {
  const blocks = [...page.matchAll(/^```js\n(.*?)^```/gms)].map(([, text]) => text!);

  test.each(blocks.map((text) => [text.split('\n')[0]!, text]))('the values %s make a tree that keeps every rule', (_, text) => {
    const given = runInNewContext(`({${text}})`) as Partial<SiteValues>;
    const { onepassword, ...others } = site;
    const values: SiteValues = { ...others, ...(given.ownSecret === undefined && onepassword !== undefined ? { onepassword } : {}), ...given };
    const tree = Tree.of(values);
    expect(invariants.flatMap(({ check }) => check(tree, parseSite(values)))).toEqual([]);
  });

  test('its main.ts for Vault, Rook, Kyverno and Prometheus is a whole site, of which only VolSync is installed', () => {
    const given = pageSite();
    const tree = Tree.of(given);
    expect(tree.ofKind('Application').flatMap(({ spec }) => (spec.sources ?? []).flatMap(({ chart }: Data) => chart ?? []))).toEqual(['volsync']);
    expect(invariants.flatMap(({ check }) => check(tree, parseSite(given)))).toEqual([]);
    const owned = objectNames(buildTree(given, undefined, '/nowhere').render());
    expect(owned).toContain('argocd application.argoproj.io/backup-root');
    expect(owned.filter((name) => usual.includes(name))).toEqual([]);
    // Without the page such a cluster would be overwritten.
    expect(objectNames(buildTree(site, undefined, '/nowhere').render()).filter((name) => usual.includes(name)).length).toBeGreaterThan(15);
    expect(thereAlready(parseSite(given)).map(({ component }) => component)).toEqual([
      'External Secrets',
      'Longhorn or another CSI driver',
      'the snapshot controller',
      'Kyverno',
      'Prometheus',
      'applications',
    ]);
  });

  test('asks of Kyverno and External Secrets what the tree gives to its own', () => {
    const kyverno: Data = askedOf('Kyverno');
    const given = (name: string): Data => Tree.of(site).one('Application', name).spec.sources[0].helm.valuesObject;
    // The charts' defaults, which the tree leaves alone.
    delete kyverno.features.forceFailurePolicyIgnore;
    delete kyverno.cleanupController.enabled;
    expect(given('external-secrets')).toMatchObject(askedOf('External Secrets'));
    expect(given('kyverno')).toMatchObject(kyverno);
  });

  test('has a row for each choice, with the value that makes it', () => {
    const [, table] = page.split('| there already | in `main.ts` | it must offer |\n');
    const rows = table!.split('\n\n')[0]!.split('\n').slice(1);
    const anchors = rows.map((row) => /\(#([\w-]+)\)/.exec(row)?.[1]);
    expect(anchors).toEqual(components.map(({ anchor }) => anchor));
  });
});

test('npm run synth -- --names lists every object that the tree has, and writes nothing', () => {
  const out = scratchFolder();
  const said = execFileSync(process.execPath, ['--import', 'tsx', 'examples/homelab/main.ts', '--names'], {
    cwd: repository,
    encoding: 'utf8',
    env: { ...process.env, CDK8S_OUTDIR: join(out, 'tree') },
  });
  expect(said.trim().split('\n')).toEqual(objectNames(buildTree(site, undefined, '/nowhere').render()));
  expect(said).toContain('argocd configmap/argocd-cm\n');
  expect(said).toContain('- volumesnapshotclass.snapshot.storage.k8s.io/longhorn-snapclass\n');
  expect(existsSync(join(out, 'tree'))).toBe(false);
});

describe('what is there already', () => {
  test('is named by synth with what it must offer, and where that is explained', () => {
    expect(thereAlready(parseSite(site))).toEqual([]);
    expect(thereAlready(parseSite(existing)).map(({ component }) => component)).toEqual(components.map(({ component }) => component));
  });

  test('has a heading in docs/existing-cluster.md', () => {
    const anchors = [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading!.toLowerCase().replaceAll(' ', '-'));
    expect(components.map(({ anchor }) => anchor).filter((anchor) => !anchors.includes(anchor))).toEqual([]);
  });

  test.each<[string, (values: Data) => void, RegExp]>([
    [
      'Longhorn with snapshots that outlive their volumes',
      (values) => (values.snapshots = { outliveVolumes: true }),
      /snapshots\.outliveVolumes: .*set it to false/,
    ],
    [
      'a driver of a class that the tree does not make',
      (values) => (values.snapshots = { install: false, driver: 'x.csi' }),
      /snapshots: driver and parameters/,
    ],
    [
      'two snapshot classes of one StorageClass',
      (values) => (values.storage = { ...values.storage, snapshotClasses: { longhorn: 'other' } }),
      /snapshotClasses\.longhorn: "other" is not storage\.snapshotClass/,
    ],
    [
      'no place for the credentials',
      (values) => delete values.onepassword,
      /site\.onepassword: is missing: add it \(object\), or name another place/,
    ],
    [
      'two places for the credentials',
      (values) => (values.ownSecret = { name: 'x' }),
      /site\.ownSecret: onepassword and ownSecret both say where the credentials are: keep one/,
    ],
    [
      'a store of another kind',
      (values) => Object.assign(values, { onepassword: undefined, secrets: { ...vault, store: { name: 'x', kind: 'Vault' } } }),
      /site\.secrets\.store\.kind: "Vault" is not a kind of store: write ClusterSecretStore or SecretStore/,
    ],
    [
      'a variable of Kyverno as a key',
      (values) => Object.assign(values, { onepassword: undefined, secrets: { ...vault, keys: { ...vault.keys, bucket: { key: '{{ x }}' } } } }),
      /site\.secrets\.keys\.bucket\.key: .*Kyverno takes for a variable/,
    ],
    [
      'a Connect server that is nowhere',
      (values) => (values.onepassword.install = false),
      /site\.onepassword\.connectHost: the tree installs no Connect server: write the URL/,
    ],
    [
      'a version of a chart that the tree does not install',
      (values) => Object.assign(values, { kyverno: { install: false }, versions: { kyverno: '3.9.0' } }),
      /site\.versions\.kyverno: kyverno\.install is false, so the tree has no such chart: remove it/,
    ],
    [
      'a list in place of parameters',
      (values) => (values.snapshots = { parameters: ['snap'] }),
      /site\.snapshots\.parameters: \["snap"\] is not an object/,
    ],
    ['a prefix without a dash', (values) => (values.namePrefix = 'backup'), /namePrefix: "backup" can't stand in front/],
  ])('%s is refused', (_, change, message) => {
    const values: Data = structuredClone(homelab);
    change(values);
    expect(() => parseSite(values)).toThrow(message);
  });
});
