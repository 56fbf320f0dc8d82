/**
 * Generates `imports/` with `cdk8s import` from the cached CRDs (`npm run crds` first).
 *
 * Before that it leaves out what no construct uses: unserved versions, `status`, other movers, providers and generators. The code stays
 * small and loads fast, and a Restic block in a Kopia tree is a compile error. What is left out here is still checked: the tests hold
 * every rendered document against the full CRD.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump, load } from 'js-yaml';
import { crdSources } from '../versions';
import { crdCache } from './crds';
import { helped } from './usage';

interface Schema {
  properties?: Record<string, Schema>;
  items?: Schema;
  required?: string[];
  [keyword: string]: unknown;
}

interface Crd {
  metadata: { name: string };
  spec: {
    group: string;
    names: { kind: string };
    versions: { name: string; served: boolean; storage: boolean; schema: { openAPIV3Schema: Schema }; subresources?: unknown }[];
  };
}

/** For a kind: the properties that stay below a path. `*` steps into the items of an array. Paths that are not named stay whole. */
type Keep = Readonly<Record<string, readonly string[]>>;

const application = (spec: string): Keep => ({
  [`${spec}.source`]: ['chart', 'directory', 'helm', 'path', 'repoURL', 'targetRevision'],
  [`${spec}.source.directory`]: ['recurse', 'include', 'exclude'],
  [`${spec}.source.helm`]: ['apiVersions', 'releaseName', 'valuesObject', 'skipCrds'],
  [`${spec}.sources.*`]: ['chart', 'directory', 'helm', 'path', 'repoURL', 'targetRevision'],
  [`${spec}.sources.*.directory`]: ['recurse', 'include', 'exclude'],
  [`${spec}.sources.*.helm`]: ['apiVersions', 'releaseName', 'valuesObject', 'skipCrds'],
  [spec]: ['destination', 'ignoreDifferences', 'project', 'revisionHistoryLimit', 'source', 'sources', 'syncPolicy'],
});

const kopia = [
  'accessModes',
  'cacheCapacity',
  'capacity',
  'copyMethod',
  'hostname',
  'moverPodLabels',
  'moverResources',
  'moverSecurityContext',
  'moverServiceAccount',
  'repository',
  'storageClassName',
  'username',
  'volumeSnapshotClassName',
] as const;

const keep: Readonly<Record<string, Keep>> = {
  Application: { '': ['spec'], ...application('spec') },
  ApplicationSet: {
    spec: ['generators', 'goTemplate', 'goTemplateOptions', 'ignoreApplicationDifferences', 'syncPolicy', 'template', 'templatePatch'],
    'spec.generators.*': ['merge'],
    'spec.generators.*.merge': ['mergeKeys', 'generators'],
    'spec.generators.*.merge.generators.*': ['git'],
    'spec.generators.*.merge.generators.*.git': ['repoURL', 'revision', 'directories', 'files', 'values'],
    ...application('spec.template.spec'),
  },
  AppProject: { spec: ['clusterResourceWhitelist', 'description', 'destinations', 'namespaceResourceBlacklist', 'sourceRepos'] },
  ClusterPolicy: {
    spec: [
      'admission',
      'background',
      'emitWarning',
      'generateExisting',
      'mutateExistingOnPolicyUpdate',
      'rules',
      'validationFailureAction',
      'webhookConfiguration',
    ],
    'spec.rules.*': ['context', 'exclude', 'generate', 'match', 'mutate', 'name', 'preconditions', 'skipBackgroundRequests', 'validate'],
    'spec.rules.*.context.*': ['apiCall', 'name', 'variable'],
    'spec.rules.*.context.*.apiCall': ['default', 'jmesPath', 'method', 'service', 'urlPath'],
    'spec.rules.*.match': ['any', 'all'],
    'spec.rules.*.exclude': ['any', 'all'],
    'spec.rules.*.generate': ['foreach', 'generateExisting', 'orphanDownstreamOnPolicyDelete', 'synchronize'],
    'spec.rules.*.generate.foreach.*': ['apiVersion', 'data', 'kind', 'list', 'name', 'namespace', 'preconditions'],
    'spec.rules.*.mutate': ['mutateExistingOnPolicyUpdate', 'patchStrategicMerge', 'patchesJson6902', 'targets'],
    'spec.rules.*.mutate.targets.*': ['apiVersion', 'kind', 'name', 'namespace', 'preconditions'],
    'spec.rules.*.validate': ['allowExistingViolations', 'deny', 'failureAction', 'message', 'pattern'],
  },
  ExternalSecret: {},
  ClusterSecretStore: { 'spec.provider': ['kubernetes', 'onepassword'] },
  ReplicationSource: {
    spec: ['kopia', 'paused', 'sourcePVC', 'trigger'],
    'spec.kopia': [...kopia, 'compression', 'parallelism', 'retain', 'sourcePathOverride'],
  },
  ReplicationDestination: {
    spec: ['kopia', 'paused', 'trigger'],
    'spec.kopia': [...kopia, 'cleanupTempPVC', 'destinationPVC', 'enableFileDeletion', 'previous', 'restoreAsOf', 'sourceIdentity'],
  },
  KopiaMaintenance: {
    spec: [
      'cacheCapacity',
      'enabled',
      'failedJobsHistoryLimit',
      'podSecurityContext',
      'repository',
      'resources',
      'successfulJobsHistoryLimit',
      'suspend',
      'trigger',
    ],
  },
  VolumeSnapshotClass: {},
  PrometheusRule: {},
  ServiceMonitor: {},
};

function prune(schema: Schema, rules: Keep, path: string): void {
  const kept = rules[path];
  if (schema.properties !== undefined && kept !== undefined) {
    const missing = kept.filter((name) => !(name in schema.properties!));
    if (missing.length > 0) throw new Error(`${path || '(root)'} has no ${missing.join(', ')}: the pinned CRD changed, adapt scripts/import.ts`);
    const always = path === '' ? ['apiVersion', 'kind', 'metadata'] : [];
    schema.properties = Object.fromEntries(Object.entries(schema.properties).filter(([name]) => kept.includes(name) || always.includes(name)));
    schema.required = schema.required?.filter((name) => name in schema.properties!);
  }
  for (const [name, child] of Object.entries(schema.properties ?? {})) prune(child, rules, path === '' ? name : `${path}.${name}`);
  if (schema.items !== undefined) prune(schema.items, rules, `${path}.*`);
}

function pruned(crd: Crd, rules: Keep): Crd {
  const version = crd.spec.versions.find((candidate) => candidate.served && candidate.storage);
  if (version === undefined) throw new Error(`${crd.metadata.name} has no version that is served and stored`);
  const schema = version.schema.openAPIV3Schema;
  delete schema.properties?.['status'];
  schema.required = schema.required?.filter((name) => name !== 'status');
  prune(schema, rules, '');
  delete version.subresources;
  return { ...crd, spec: { ...crd.spec, versions: [version] } };
}

function main(): void {
  if (!existsSync(crdCache)) throw new Error('there are no CRDs in .cache/crds: run `npm run crds` first (or `npm run crds -- --from DIR`)');
  const root = join(__dirname, '..');
  const work = join(root, '.cache', 'import');
  rmSync(work, { recursive: true, force: true });
  mkdirSync(join(work, 'out'), { recursive: true });

  const groups = new Map<string, Crd[]>();
  for (const { folder, files } of crdSources) {
    for (const file of files) {
      const crd = load(readFileSync(join(crdCache, folder, file), 'utf8')) as Crd;
      const rules = keep[crd.spec.names.kind];
      if (rules === undefined) continue;
      groups.set(crd.spec.group, [...(groups.get(crd.spec.group) ?? []), pruned(crd, rules)]);
    }
  }
  // One file a group: `cdk8s import` names its output after the group, two files of a group overwrite each other.
  for (const [group, crds] of groups) {
    const file = join(work, `${group}.yaml`);
    writeFileSync(file, crds.map((crd) => dump(crd)).join('---\n'));
    execFileSync(
      process.execPath,
      [join(root, 'node_modules/cdk8s-cli/bin/cdk8s'), 'import', file, '--language', 'typescript', '--no-save', '--output', join(work, 'out')],
      {
        env: { ...process.env, CDK8S_CHECK_UPGRADE: 'false' },
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    );
  }
  // `imports/charts` is made by scripts/charts.ts.
  const imports = join(root, 'imports');
  mkdirSync(imports, { recursive: true });
  for (const file of readdirSync(imports).filter((name) => name.endsWith('.ts'))) rmSync(join(imports, file));
  for (const file of readdirSync(join(work, 'out'))) renameSync(join(work, 'out', file), join(imports, file));
  console.log(
    readdirSync(imports)
      .filter((name) => name.endsWith('.ts'))
      .map((file) => `imports/${file}`)
      .join('\n'),
  );
}

try {
  if (!helped('npm run import   generates imports/ from the CRDs in .cache/crds, which `npm run crds` brings')) main();
} catch (error) {
  console.error(`import: ${(error as Error).message}`);
  process.exitCode = 1;
}
