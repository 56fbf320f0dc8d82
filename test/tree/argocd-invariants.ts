import { type Invariant, complain, same } from '../support/invariant';
import type { Data, Tree } from '../support/tree';

const applications = (tree: Tree): Data[] => tree.ofKind('Application');
const children = (tree: Tree): Data[] => applications(tree).filter(({ metadata }) => metadata.name !== 'root');
const app = (tree: Tree, name: string): Data => tree.one('Application', name);
const sources = ({ spec }: Data): Data[] => spec.sources ?? [spec.source];
const wave = ({ metadata }: Data): number => Number(metadata.annotations?.['argocd.argoproj.io/sync-wave'] ?? '0');
const config = (tree: Tree): Data => tree.one('ConfigMap', 'argocd-cm').data;
/** Folder of the tree that an Application reads. */
const folder = (application: Data): string | undefined =>
  sources(application)
    .find(({ path }) => path !== undefined)
    ?.path.replace(/^dist\//, '');
/** The wave in which the object of a file is applied: of its Application among the others. */
const waveOfFile = (tree: Tree, path: string): number => {
  if (path.startsWith('my-apps/')) return 6;
  const owner = children(tree).find((application) => path.startsWith(`${folder(application)}/`));
  return owner === undefined ? -3 : wave(owner);
};

export const argocdInvariants: readonly Invariant[] = [
  {
    name: 'trap 22: each component has an Application in the wave of the spec’s table',
    check: (tree) =>
      same(
        Object.fromEntries(
          [...children(tree), ...tree.ofKind('ApplicationSet')]
            .map((application) => [application.metadata.name, wave(application)] as const)
            .toSorted(([a], [b]) => (a < b ? -1 : 1)),
        ),
        {
          '1passwordconnect': 0,
          'backup-backstop': -2,
          'external-secrets': 0,
          kyverno: 4,
          longhorn: 1,
          'my-apps': 6,
          namespaces: -1,
          'prometheus-stack': 5,
          'pvc-plumber': 2,
          'snapshot-controller': 1,
          volsync: 1,
        },
        'the waves',
      ),
    mutate: (tree) => (app(tree, 'kyverno').metadata.annotations['argocd.argoproj.io/sync-wave'] = '3'),
  },
  {
    name: 'trap 22: Argo CD knows the health of Applications and policies, or waves would mean nothing',
    check: (tree) =>
      complain(
        ['argoproj.io_Application', 'kyverno.io_ClusterPolicy'],
        (kind) => !config(tree)[`resource.customizations.health.${kind}`]?.includes('return'),
        (kind) => `no health check for ${kind}`,
      ),
    mutate: (tree) => delete config(tree)['resource.customizations.health.argoproj.io_Application'],
  },
  {
    name: 'the health checks are applied before the Applications that they order, by the root itself',
    check: (tree) => [
      ...same(folder(app(tree, 'root')), 'infrastructure/controllers/argocd', 'folder of the root'),
      ...complain(
        children(tree),
        (application) => wave(application) <= wave(tree.one('ConfigMap', 'argocd-cm')),
        ({ metadata }) => `${metadata.name} comes before the health checks`,
      ),
    ],
    mutate: (tree) => (tree.one('ConfigMap', 'argocd-cm').metadata.annotations['argocd.argoproj.io/sync-wave'] = '0'),
  },
  {
    name: 'no health check calls a pending PVC healthy; that would hide a restore that hangs',
    check: (tree) =>
      complain(
        Object.keys(config(tree)),
        (key) => key.includes('health.PersistentVolumeClaim') || key.includes('health._PersistentVolumeClaim'),
        (key) => `argocd-cm has ${key}`,
      ),
    mutate: (tree) => (config(tree)['resource.customizations.health.PersistentVolumeClaim'] = 'return {}'),
  },
  {
    name: 'trap 23: only fields that a cluster writes are ignored, and no sync respects the list, or it would strip them',
    check: (tree) => [
      ...complain(
        [...applications(tree), ...tree.ofKind('ApplicationSet').map(({ spec, metadata }) => ({ ...spec.template, metadata }))],
        ({ spec }) => (spec.syncPolicy?.syncOptions ?? []).some((option: string) => option.startsWith('RespectIgnoreDifferences')),
        ({ metadata }) => `${metadata.name} has RespectIgnoreDifferences`,
      ),
      ...same(
        config(tree)['resource.customizations.ignoreDifferences.PersistentVolumeClaim'],
        'jsonPointers:\n- /spec/dataSource\n- /spec/dataSourceRef\n- /spec/volumeName\n',
        'what is ignored on PVCs',
      ),
    ],
    mutate: (tree) => app(tree, 'volsync').spec.syncPolicy.syncOptions.push('RespectIgnoreDifferences=true'),
  },
  {
    name: 'trap 35: every sync is retried a finite number of times, with the newest commit',
    check: (tree) =>
      complain(
        [...applications(tree), ...tree.ofKind('ApplicationSet').map(({ spec, metadata }) => ({ ...spec.template, metadata }))],
        ({ spec }) => !(spec.syncPolicy.retry.limit > 0) || spec.syncPolicy.retry.refresh !== true,
        ({ metadata }) => `${metadata.name} is retried for ever, or with an old commit`,
      ),
    mutate: (tree) => (app(tree, 'root').spec.syncPolicy.retry.limit = -1),
  },
  {
    name: 'trap 39: no Application cascades, none is pruned with its file, and none owns itself',
    check: (tree) => [
      ...complain(
        applications(tree),
        ({ metadata }) => (metadata.finalizers ?? []).length > 0,
        ({ metadata }) => `${metadata.name} has a finalizer`,
      ),
      ...complain(
        [...children(tree), ...tree.ofKind('ApplicationSet')],
        ({ metadata }) => !metadata.annotations['argocd.argoproj.io/sync-options']?.includes('Prune=false'),
        ({ metadata }) => `${metadata.name} may be pruned`,
      ),
      ...complain(
        tree.entries.filter(({ object }) => object.kind === 'Application'),
        ({ path, object }) => path.startsWith(`${folder(object)}/`),
        ({ object }) => `${object.metadata.name} lies in its own folder`,
      ),
    ],
    mutate: (tree) => (app(tree, 'longhorn').metadata.finalizers = ['resources-finalizer.argocd.argoproj.io']),
  },
  {
    name: 'storage, snapshots, schedules and namespaces are never pruned automatically',
    check: (tree) => [
      ...complain(
        ['longhorn', 'volsync', 'snapshot-controller', 'namespaces'],
        (name) => app(tree, name).spec.syncPolicy.automated.prune !== false,
        (name) => `${name} is pruned`,
      ),
      ...complain(
        [...tree.ofKind('Namespace'), ...tree.ofKind('AppProject')],
        ({ metadata }) => !metadata.annotations?.['argocd.argoproj.io/sync-options']?.includes('Prune=false'),
        ({ kind, metadata }) => `${kind} ${metadata.name} may be pruned`,
      ),
    ],
    mutate: (tree) => (app(tree, 'volsync').spec.syncPolicy.automated.prune = true),
  },
  {
    name: 'every Application applies on the server side; several CRDs are too large for the other way',
    check: (tree) =>
      complain(
        applications(tree),
        ({ spec }) => !spec.syncPolicy.syncOptions.includes('ServerSideApply=true'),
        ({ metadata }) => `${metadata.name} applies on the client side`,
      ),
    mutate: (tree) => (app(tree, 'external-secrets').spec.syncPolicy.syncOptions = ['CreateNamespace=false']),
  },
  {
    name: 'every file is read by exactly one Application',
    check: (tree) => {
      const folders = [
        ...applications(tree)
          .map(folder)
          .filter((path) => path !== undefined),
        'bootstrap',
        'my-apps',
      ];
      return [...new Set(tree.entries.map(({ path }) => path))].flatMap((path) =>
        same(folders.filter((owner) => path.startsWith(`${owner}/`)).length, 1, `readers of ${path}`),
      );
    },
    mutate: (tree) => tree.add('infrastructure/nobody/x.yaml', { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'x' } }),
  },
  {
    name: 'an AppProject allows each Application its repositories',
    check: (tree) =>
      children(tree).flatMap((application) => {
        const allowed = tree.one('AppProject', application.spec.project).spec.sourceRepos;
        return complain(
          sources(application),
          ({ repoURL }) => !allowed.includes(repoURL),
          ({ repoURL }) => `${application.metadata.name}: ${repoURL} is not in project ${application.spec.project}`,
        );
      }),
    mutate: (tree) => tree.one('AppProject', 'infrastructure').spec.sourceRepos.pop(),
  },
  {
    name: 'trap 34: every chart is pinned to one version, every image to one digest or version',
    check: (tree) => {
      const images = tree.ofKind('Deployment').flatMap(({ spec }) => spec.template.spec.containers.map(({ image }: Data) => image));
      const helm = applications(tree).flatMap(sources);
      const values = helm.flatMap(({ helm: chart }) => (chart?.valuesObject?.image?.tag === undefined ? [] : [chart.valuesObject.image.tag]));
      return [
        ...complain(
          helm.filter(({ chart }) => chart !== undefined),
          ({ targetRevision }) => !/^\d+\.\d+\.\d+$/.test(targetRevision),
          ({ chart, targetRevision }) => `chart ${chart} has version ${targetRevision}`,
        ),
        ...complain(
          images,
          (image: string) => !/@sha256:[0-9a-f]{64}$/.test(image),
          (image) => `image ${image} has no digest`,
        ),
        ...complain(
          values,
          (tag: string) => !/^v\d+\.\d+\.\d+$/.test(tag),
          (tag) => `image tag ${tag}`,
        ),
      ];
    },
    mutate: (tree) => (sources(app(tree, 'longhorn'))[0].targetRevision = '1.x'),
  },
  {
    name: 'trap 19: VolSync is the fork with the Kopia mover, and Kyverno a version that runs ClusterPolicy',
    check: (tree) => {
      const [volsync] = sources(app(tree, 'volsync'));
      const [major, minor] = sources(app(tree, 'kyverno'))[0].targetRevision.split('.').map(Number);
      return [
        ...same(
          [volsync.repoURL, volsync.helm.valuesObject.image.repository, volsync.helm.valuesObject.kopia.repository],
          ['https://perfectra1n.github.io/volsync/charts', 'ghcr.io/perfectra1n/volsync', 'ghcr.io/perfectra1n/volsync'],
          'VolSync',
        ),
        ...(major === 3 && (minor === 8 || minor === 9) ? [] : [`Kyverno chart ${major}.${minor} does not run ClusterPolicy`]),
      ];
    },
    mutate: (tree) => (sources(app(tree, 'kyverno'))[0].targetRevision = '3.10.0'),
  },
  {
    name: 'trap 14 and 42: pvc-plumber answers before Kyverno gives up, and Kyverno before the API server does',
    check: (tree) => {
      const seconds = (text: string): number => Number(/^(\d+)s$/.exec(text)?.[1]);
      const call = seconds(sources(app(tree, 'kyverno'))[0].helm.valuesObject.features.globalContext.apiCallTimeout);
      const { timeoutSeconds } = tree.one('ClusterPolicy', 'volsync-pvc-backup-restore').spec.webhookConfiguration;
      return 2.5 < call && call < timeoutSeconds && timeoutSeconds <= 30 ? [] : [`2.5 s, ${call} s, ${timeoutSeconds} s`];
    },
    mutate: (tree) => (sources(app(tree, 'kyverno'))[0].helm.valuesObject.features.globalContext.apiCallTimeout = '30s'),
  },
  {
    name: 'a cluster of PVCs that come back at once fits into what Kyverno lets wait; it drops the rest without a word',
    check: (tree) => {
      const { updateRequestThreshold } = sources(app(tree, 'kyverno'))[0].helm.valuesObject.config;
      return updateRequestThreshold >= 10_000 ? [] : [`updateRequestThreshold is ${updateRequestThreshold}`];
    },
    mutate: (tree) => delete sources(app(tree, 'kyverno'))[0].helm.valuesObject.config.updateRequestThreshold,
  },
  {
    name: 'the policies ask Kyverno for no reports, which cost a storm a third of its calls',
    check: (tree) =>
      tree
        .ofKind('ClusterPolicy')
        .filter(({ metadata }) => metadata.labels['reports.kyverno.io/disabled'] !== 'true')
        .map(({ metadata }) => metadata.name),
    mutate: (tree) => delete tree.ofKind('ClusterPolicy')[0].metadata.labels['reports.kyverno.io/disabled'],
  },
  {
    name: 'trap 20: Kyverno may make what its policies generate, before it sees the policies',
    check: (tree) => {
      const role = tree.one('ClusterRole', 'kyverno:background-controller:volsync');
      const binding = tree.one('ClusterRoleBinding', 'kyverno:background-controller:volsync');
      const targets = tree
        .ofKind('ClusterPolicy')
        .flatMap(({ spec }) =>
          spec.rules.flatMap(({ generate }: Data) =>
            generate === undefined ? [] : [[generate.apiVersion.split('/')[0], `${generate.kind.toLowerCase()}s`]],
          ),
        );
      return [
        ...complain(
          targets,
          ([group, resource]) =>
            !['get', 'list', 'create'].every((verb) =>
              role.rules.some((rule: Data) => rule.apiGroups.includes(group) && rule.resources.includes(resource) && rule.verbs.includes(verb)),
            ),
          ([group, resource]) => `no right to make ${group}/${resource}`,
        ),
        ...same(binding.subjects, [{ kind: 'ServiceAccount', name: 'kyverno-background-controller', namespace: 'kyverno' }], 'the binding'),
        ...same(
          [binding.roleRef.name, sources(app(tree, 'kyverno'))[0].helm.valuesObject.namespaceOverride],
          [role.metadata.name, 'kyverno'],
          'names',
        ),
        ...complain(
          tree.ofKind('ClusterPolicy'),
          (policy) => wave(policy) <= wave(role) || wave(policy) <= wave(binding),
          ({ metadata }) => `${metadata.name} comes before its rights`,
        ),
      ];
    },
    mutate: (tree) => tree.one('ClusterRole', 'kyverno:background-controller:volsync').rules[2].resources.splice(2, 1),
  },
  {
    name: 'the rights of the spec are there',
    check: (tree) => {
      const all = ['get', 'list', 'watch', 'create', 'update', 'delete'];
      const { rules } = tree.one('ClusterRole', 'kyverno:background-controller:volsync');
      const wanted = [
        ['', 'secrets'],
        ['external-secrets.io', 'externalsecrets'],
        ['volsync.backube', 'replicationsources'],
        ['volsync.backube', 'replicationdestinations'],
      ] as const;
      return complain(
        wanted,
        ([group, resource]) =>
          !rules.some(
            (rule: Data) => rule.apiGroups.includes(group) && rule.resources.includes(resource) && all.every((verb) => rule.verbs.includes(verb)),
          ),
        ([group, resource]) => `no full right to ${group}/${resource}`,
      );
    },
    mutate: (tree) => tree.one('ClusterRole', 'kyverno:background-controller:volsync').rules.shift(),
  },
  {
    name: 'trap 43: each namespaced object has its Namespace in an earlier or the same wave',
    check: (tree) => {
      const born = new Map([
        ['argocd', -Infinity],
        ...tree.entries
          .filter(({ object }) => object.kind === 'Namespace')
          .map(({ path, object }) => [object.metadata.name, waveOfFile(tree, path)] as const),
      ]);
      const used = [
        ...tree.entries
          .filter(({ object }) => object.metadata.namespace !== undefined)
          .map(({ path, object }) => ({
            name: object.metadata.namespace,
            at: waveOfFile(tree, path),
            what: `${object.kind} ${object.metadata.name}`,
          })),
        ...children(tree).map((application) => ({
          name: application.spec.destination.namespace,
          at: wave(application),
          what: `the chart of ${application.metadata.name}`,
        })),
      ];
      return complain(
        used,
        ({ name, at }) => !((born.get(name) ?? Infinity) <= at),
        ({ name, what }) => `${what} needs namespace ${name} earlier`,
      );
    },
    mutate: (tree) => (tree.one('Namespace', 'longhorn-system').metadata.name = 'longhorn'),
  },
  {
    name: 'trap 24: no object of monitoring.coreos.com comes before the wave that brings its kinds',
    check: (tree) =>
      complain(
        tree.entries,
        ({ path, object }) => object.apiVersion.startsWith('monitoring.coreos.com') && waveOfFile(tree, path) < 5,
        ({ path }) => `${path} comes too early`,
      ),
    mutate: (tree) => {
      const monitor = tree.entries.find(({ object }) => object.kind === 'ServiceMonitor' && object.metadata.name === 'volsync')!;
      monitor.path = 'infrastructure/storage/volsync/service-monitor.yaml';
    },
  },
  {
    name: 'no PVC has a sync wave or a source in Git',
    check: (tree) =>
      complain(
        tree.ofKind('PersistentVolumeClaim'),
        ({ metadata, spec }) =>
          'argocd.argoproj.io/sync-wave' in (metadata.annotations ?? {}) || spec.dataSourceRef !== undefined || spec.dataSource !== undefined,
        ({ metadata }) => `PVC ${metadata.name} would wait for ever`,
      ),
    mutate: (tree) => {
      tree.add('my-apps/x/namespace.yaml', {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: 'x', annotations: { 'argocd.argoproj.io/sync-options': 'Prune=false' } },
      });
      tree.add('my-apps/x/pvc.yaml', {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'x', namespace: 'x', annotations: { 'argocd.argoproj.io/sync-wave': '1' } },
        spec: { storageClassName: 'longhorn' },
      });
    },
  },
];
