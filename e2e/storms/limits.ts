import type { KubeObject } from '../harness/api';
import { bytesOf } from '../harness/quantity';
import { kyvernoInstallation } from '../harness/tools';
import { application, documents, folderObjects } from '../harness/tree';

type Values = Readonly<Record<string, unknown>>;

/** Where the chart values of an Application set the memory limit of a program's container. */
const inValues: Readonly<Record<string, readonly [application: string, ...path: string[]]>> = {
  'kyverno-admission-controller': ['kyverno', 'admissionController', 'container', 'resources', 'limits', 'memory'],
  'kyverno-background-controller': ['kyverno', 'backgroundController', 'resources', 'limits', 'memory'],
  'kyverno-cleanup-controller': ['kyverno', 'cleanupController', 'resources', 'limits', 'memory'],
  'external-secrets': ['external-secrets', 'resources', 'limits', 'memory'],
  volsync: ['volsync', 'resources', 'limits', 'memory'],
};

/** The chart's own value where the tree sets none: values.yaml of VolSync's chart 0.18.5. External Secrets' chart sets no limit. */
const ofChart: Readonly<Record<string, string>> = { volsync: '1Gi' };

/** Memory limits of the programs that the tree installs, in bytes, by name. kube-apiserver and etcd belong to the cluster. */
export function memoryLimits(): ReadonlyMap<string, number> {
  const all = new Map<string, number>();
  const release = documents(kyvernoInstallation());
  for (const [program, [name, ...path]] of Object.entries(inValues)) {
    const deployment = release.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === program);
    const limit = valueAt(valuesOf(name), path) ?? containerLimit(deployment) ?? ofChart[program];
    if (limit !== undefined) all.set(program, bytesOf(limit));
  }
  const plumber = containerLimit(folderObjects('infrastructure/controllers/pvc-plumber').find(({ kind }) => kind === 'Deployment'));
  if (plumber !== undefined) all.set('pvc-plumber', bytesOf(plumber));
  return all;
}

function valuesOf(name: string): Values {
  const { source, sources = [] } = application(name)['spec'] as { readonly source?: Source; readonly sources?: readonly Source[] };
  return [source, ...sources].find((each) => each?.helm !== undefined)?.helm?.valuesObject ?? {};
}

function valueAt(values: Values, path: readonly string[]): string | undefined {
  return path.reduce<unknown>((value, key) => (value as Values | undefined)?.[key], values) as string | undefined;
}

function containerLimit(deployment: KubeObject | undefined): string | undefined {
  return deployment?.['spec'].template.spec.containers[0].resources?.limits?.memory;
}

interface Source {
  readonly helm?: { readonly valuesObject?: Values };
}
