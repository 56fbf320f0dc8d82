import { coreProblems } from './core-schemas';
import { CrdSchemas } from './crd-schemas';
import { sampleSubstitution } from './substitute';
import { type Data, type Entry, named, type Tree } from './tree';

/** What the schemas say, and what nobody could look at. */
export interface SchemaReport {
  readonly problems: readonly string[];
  readonly notChecked: readonly string[];
  readonly checked: number;
}

const crds = CrdSchemas.load();
/** API groups of the CRDs that `npm run crds` brings. */
const crdGroups = [
  'argoproj.io',
  'kyverno.io',
  'policies.kyverno.io',
  'external-secrets.io',
  'volsync.backube',
  'snapshot.storage.k8s.io',
  'monitoring.coreos.com',
];
/** Kinds whose defaults Argo CD would see as drift, because the API server writes them into the object. */
const tracked = [
  'ClusterPolicy',
  'ExternalSecret',
  'ClusterSecretStore',
  'Application',
  'ApplicationSet',
  'AppProject',
  'PrometheusRule',
  'ServiceMonitor',
  'VolumeSnapshotClass',
];

/** Whether the CRDs are in the cache. */
export const haveCrds = crds !== undefined;

/** Holds every object, and every object that Kyverno makes, against the full schema of its kind; a field that the schema lacks is a problem. */
export function checkSchemas(tree: Tree): SchemaReport {
  const entries = [...tree.entries, ...generatedSamples(tree)];
  const problems: string[] = [];
  const notChecked: string[] = [];
  let checked = 0;
  let withoutCrds = 0;
  for (const entry of entries) {
    const { object, path } = entry;
    const group = groupOf(object);
    if (crdGroups.includes(group)) {
      if (crds === undefined) withoutCrds += 1;
      else if (crds.lacks(object))
        notChecked.push(`${path}: ${named(entry)}: its schema is not in .cache/crds; npm run crds without --from brings it`);
      else {
        checked += 1;
        problems.push(...crds.problems(object).map((problem) => `${path}: ${named(entry)}: ${problem}`));
      }
    } else if (isCore(object)) {
      checked += 1;
      problems.push(...coreProblems(object).map((problem) => `${path}: ${named(entry)}: ${problem}`));
    }
    // Groups of Kubernetes itself have no dot, or end with .k8s.io, as those of others do, too.
    else if (!group.includes('.'))
      problems.push(`${path}: ${named(entry)}: Kubernetes has no ${object.kind} in ${object.apiVersion}: correct the spelling`);
    else notChecked.push(`${path}: ${named(entry)}: there is no schema of ${object.apiVersion} here`);
  }
  if (withoutCrds > 0) {
    notChecked.unshift(
      `${withoutCrds} of ${entries.length} objects against their CRDs: there are none in .cache/crds. Run npm run crds (or npm run crds -- --from DIR), and verify again`,
    );
  }
  return { problems, notChecked, checked };
}

/** Defaults that the API server would fill into the platform's objects: Argo CD would report them as drift for ever. Empty without CRDs. */
export function missingDefaults(tree: Tree): string[] {
  return tracked.flatMap((kind) => tree.platform.ofKind(kind).flatMap((object) => crds?.missingDefaults(object) ?? []));
}

/** What Kyverno makes for a PVC, with the values of some PVC in it. */
export function generatedSamples(tree: Tree): Entry[] {
  return tree.platform.entries.flatMap(({ path, object }) =>
    object.kind === 'ClusterPolicy'
      ? object.spec.rules.flatMap(({ generate }: Data): Entry[] => {
          const { foreach = [] }: Data = generate ?? {};
          return foreach.map(({ apiVersion, kind, name, namespace, data }: Data) => ({
            path,
            object: sampleSubstitution({ apiVersion, kind, ...data, metadata: { ...data.metadata, name, namespace } }),
          }));
        })
      : [],
  );
}

function groupOf({ apiVersion }: Data): string {
  return String(apiVersion).includes('/') ? apiVersion.split('/')[0] : '';
}

/** Whether the package kubernetes-models knows the kind. */
function isCore({ apiVersion, kind }: Data): boolean {
  try {
    require.resolve(`kubernetes-models/${apiVersion}/${kind}`);
    return true;
  } catch {
    return false;
  }
}
