import { entriesOf } from './policy-invariants';
import { type Invariant, problemsOf, same } from '../invariant';
import { namespace as namespaces } from '../../lib/model/naming';
import type { Site } from '../../lib/site/schema';
import { retryProblems } from '../syncs';
import { type Data, named, type Tree } from '../tree';

const applications = (tree: Tree): Data[] => tree.ofKind('Application');
/** Applications and the template of the ApplicationSet, which is one too. */
const withTemplate = (tree: Tree): Data[] => [
  ...applications(tree),
  ...tree.ofKind('ApplicationSet').map(({ spec, metadata }) => ({ ...spec.template, metadata })),
];
const children = (tree: Tree): Data[] => applications(tree).filter(({ metadata }) => !/^([a-z0-9-]+-)?root$/.test(metadata.name));
const app = (tree: Tree, name: string, site?: Site): Data => tree.one('Application', `${site?.namePrefix ?? ''}${name}`);
const sources = ({ spec }: Data): Data[] => spec.sources ?? [spec.source];
const wave = ({ metadata }: Data): number => Number(metadata.annotations?.['argocd.argoproj.io/sync-wave'] ?? '0');
const config = (tree: Tree): Data => tree.one('ConfigMap', 'argocd-cm').data;
/** Folder of the tree that an Application reads. */
const folder = (application: Data, { git }: Site): string | undefined => {
  const path: string | undefined = sources(application).find((source) => source.path !== undefined && source.repoURL === git.url)?.path;
  return path === undefined || git.path === '' ? path : path.replace(`${git.path}/`, '');
};
/** The wave in which the object of a file is applied: of its Application among the others. */
const waveOfFile = (tree: Tree, path: string, site: Site): number => {
  if (path.startsWith('my-apps/')) return 6;
  const owner = children(tree).find((application) => path.startsWith(`${folder(application, site)}/`));
  return owner === undefined ? -3 : wave(owner);
};

export const argocdInvariants: readonly Invariant[] = [
  {
    name: 'trap 22: each component that the tree installs has an Application in the wave of the description’s table, and no other',
    check: (tree, site) =>
      same(
        Object.fromEntries(
          [...children(tree.platform), ...tree.platform.ofKind('ApplicationSet')]
            .map((application) => [application.metadata.name, wave(application)] as const)
            .toSorted(([a], [b]) => (a < b ? -1 : 1)),
        ),
        expectedWaves(site),
        'the waves',
      ),
    mutate: (tree) => (app(tree, 'kyverno').metadata.annotations['argocd.argoproj.io/sync-wave'] = '3'),
  },
  {
    name: 'trap 22: Argo CD knows the health of Applications and policies, or waves would mean nothing',
    check: (tree, { argocdConfig }) =>
      problemsOf(
        argocdConfig ? ['argoproj.io_Application', 'kyverno.io_ClusterPolicy'] : [],
        (kind) => !config(tree)[`resource.customizations.health.${kind}`]?.includes('return'),
        (kind) => `no health check for ${kind}`,
      ),
    mutate: (tree) => delete config(tree)['resource.customizations.health.argoproj.io_Application'],
  },
  {
    name: 'the health checks are applied before the Applications that they order, by the root itself',
    check: (tree, site) => [
      ...same(folder(app(tree, 'root', site), site), 'infrastructure/controllers/argocd', 'folder of the root'),
      ...problemsOf(
        site.argocdConfig ? children(tree) : [],
        (application) => wave(application) <= wave(tree.one('ConfigMap', 'argocd-cm')),
        ({ metadata }) => `${metadata.name} comes before the health checks`,
      ),
    ],
    mutate: (tree) => (tree.one('ConfigMap', 'argocd-cm').metadata.annotations['argocd.argoproj.io/sync-wave'] = '0'),
  },
  {
    name: 'no health check calls a pending PVC healthy; that would hide a restore that hangs',
    check: (tree, { argocdConfig }) =>
      problemsOf(
        argocdConfig ? Object.keys(config(tree)) : [],
        (key) => key.includes('health.PersistentVolumeClaim') || key.includes('health._PersistentVolumeClaim'),
        (key) => `argocd-cm has ${key}`,
      ),
    mutate: (tree) => (config(tree)['resource.customizations.health.PersistentVolumeClaim'] = 'return {}'),
  },
  {
    name: 'trap 23: only fields that a cluster writes are ignored, and no sync respects the list, or it would strip them',
    check: (tree, { argocdConfig }) => [
      ...problemsOf(
        withTemplate(tree),
        ({ spec }) => (spec.syncPolicy?.syncOptions ?? []).some((option: string) => option.startsWith('RespectIgnoreDifferences')),
        ({ metadata }) => `${metadata.name} has RespectIgnoreDifferences`,
      ),
      ...(argocdConfig
        ? same(
            config(tree)['resource.customizations.ignoreDifferences.PersistentVolumeClaim'],
            'jsonPointers:\n- /spec/dataSource\n- /spec/dataSourceRef\n- /spec/volumeName\n',
            'what is ignored on PVCs',
          )
        : []),
    ],
    mutate: (tree) => app(tree, 'volsync').spec.syncPolicy.syncOptions.push('RespectIgnoreDifferences=true'),
  },
  {
    name: 'trap 35: every sync is retried until it succeeds, each time with the newest commit',
    check: (tree) => tree.platform.objects.flatMap(retryProblems),
    mutate: (tree) => (app(tree, 'root').spec.syncPolicy.retry.limit = 10),
  },
  {
    name: 'Applications of a person’s own do not give up either',
    check: (tree) =>
      tree.entries
        .filter(({ added }) => added === true)
        .flatMap((entry) => retryProblems(entry.object).map((problem) => `${named(entry)}: ${problem}`)),
    mutate: (tree) =>
      tree.entries.push({
        path: 'infrastructure/controllers/argocd/apps/mine-app.yaml',
        added: true,
        object: {
          apiVersion: 'argoproj.io/v1alpha1',
          kind: 'Application',
          metadata: { name: 'mine', annotations: { 'argocd.argoproj.io/sync-wave': '6' } },
          spec: {
            project: 'my-apps',
            source: { repoURL: 'https://github.com/example/cluster.git', targetRevision: 'main', path: 'elsewhere' },
            destination: { namespace: 'argocd' },
            syncPolicy: { automated: {}, syncOptions: ['ServerSideApply=true'] },
          },
        },
      }),
  },
  {
    name: 'trap 39: no Application cascades, none is pruned with its file, and none owns itself',
    check: (tree, site) => [
      ...problemsOf(
        applications(tree.platform),
        ({ metadata }) => (metadata.finalizers ?? []).length > 0,
        ({ metadata }) => `${metadata.name} has a finalizer`,
      ),
      ...problemsOf(
        [...children(tree.platform), ...tree.platform.ofKind('ApplicationSet')],
        ({ metadata }) => !metadata.annotations['argocd.argoproj.io/sync-options']?.includes('Prune=false'),
        ({ metadata }) => `${metadata.name} may be pruned`,
      ),
      ...problemsOf(
        tree.entries.filter(({ object }) => object.kind === 'Application'),
        ({ path, object }) => path.startsWith(`${folder(object, site)}/`),
        (entry) => `${named(entry)} lies in its own folder: give it another one`,
      ),
    ],
    mutate: (tree) => (app(tree, 'longhorn').metadata.finalizers = ['resources-finalizer.argocd.argoproj.io']),
  },
  {
    name: 'trap 39: no chart’s `pre-delete` hooks are there for Argo CD to run when an Application is deleted',
    check: (tree, site) => [
      ...(site.kyverno.install ? same(chartValues(tree, site, 'kyverno').webhooksCleanup, { enabled: false }, 'webhooksCleanup of Kyverno') : []),
      // The chart has no value for it: the folder comes after the chart, and its object of that name counts.
      ...(site.longhorn.install
        ? same(
            sources(app(tree, 'longhorn', site)).map(({ chart }) => chart),
            ['longhorn', undefined],
            'sources of longhorn',
          )
        : []),
      ...same(
        tree
          .file('infrastructure/storage/longhorn/uninstall-job.yaml')
          .map(({ kind, metadata }) => [kind, metadata.namespace, metadata.name, metadata.annotations]),
        site.longhorn.install ? [['Job', 'longhorn-system', 'longhorn-uninstall', { 'argocd.argoproj.io/hook': 'Skip' }]] : [],
        'what takes the place of Longhorn’s hook',
      ),
    ],
    mutate: (tree) => delete tree.one('Job', 'longhorn-uninstall').metadata.annotations['argocd.argoproj.io/hook'],
  },
  {
    name: 'every CRD of Kyverno is kept, and has labels and annotations; Argo CD would sync one with empty maps without end',
    check: (tree, site) => {
      if (!site.kyverno.install) return [];
      const { crds, 'kyverno-api': api } = chartValues(tree, site, 'kyverno');
      return [
        ...problemsOf(
          [crds, api],
          (values) => values?.annotations?.['argocd.argoproj.io/sync-options'] !== 'Prune=false',
          () => 'CRDs of Kyverno may be pruned',
        ),
        ...(Object.keys(api?.labels ?? {}).length > 0 ? [] : ['the CRDs of kyverno-api have no labels']),
      ];
    },
    mutate: (tree) => (sources(app(tree, 'kyverno'))[0].helm.valuesObject['kyverno-api'].labels = {}),
  },
  {
    name: 'a folder of an app is read with everything below it, unless it is rendered by Kustomize or Helm, whose work would be lost',
    check: (tree, site) => {
      if (!site.myApps.install) return [];
      const { generators, template, templatePatch } = tree.one('ApplicationSet', `${site.namePrefix}my-apps`).spec;
      const [folders, ...others] = generators[0].merge?.generators ?? [];
      const files = others.flatMap(({ git }: Data) => git.files.map(({ path }: Data) => path));
      return [
        ...problemsOf(
          (folders?.git.directories ?? []).flatMap(({ path }: Data) =>
            ['kustomization.yaml', 'kustomization.yml', 'Kustomization', 'Chart.yaml'].map((name) => `${path}/${name}`),
          ),
          (path: string) => !files.includes(path),
          (path) => `nothing looks for ${path}`,
        ),
        ...(template.spec.source.directory === undefined ? [] : ['every folder is read as plain manifests']),
        ...(/if not \(hasKey \.path "filename"\)\}\}\n +directory: \{recurse: true\}/.test(templatePatch)
          ? []
          : ['plain manifests in subfolders are not read']),
      ];
    },
    mutate: (tree) => (tree.one('ApplicationSet', 'my-apps').spec.template.spec.source.directory = { recurse: true }),
  },
  {
    name: 'storage, snapshots, schedules and namespaces are never pruned automatically',
    check: (tree, { namePrefix }) => [
      ...problemsOf(
        children(tree.platform).filter(({ metadata }) =>
          ['longhorn', 'volsync', 'backup-snapshot-class', 'snapshot-controller', 'namespaces'].includes(metadata.name.slice(namePrefix.length)),
        ),
        ({ spec }) => spec.syncPolicy.automated.prune !== false,
        ({ metadata }) => `${metadata.name} is pruned`,
      ),
      ...problemsOf(
        tree.entries.filter(
          ({ object, added }) => object.kind === 'AppProject' || (object.kind === 'Namespace' && (!added || holdsVolumes(tree, object))),
        ),
        ({ object }) => !object.metadata.annotations?.['argocd.argoproj.io/sync-options']?.includes('Prune=false'),
        (entry) => `${named(entry)} may be pruned: give it the annotation argocd.argoproj.io/sync-options: Prune=false`,
      ),
    ],
    mutate: (tree) => (app(tree, 'volsync').spec.syncPolicy.automated.prune = true),
  },
  {
    name: 'every Application applies on the server side; several CRDs are too large for the other way',
    check: (tree) =>
      problemsOf(
        applications(tree.platform),
        ({ spec }) => !spec.syncPolicy.syncOptions.includes('ServerSideApply=true'),
        ({ metadata }) => `${metadata.name} applies on the client side`,
      ),
    mutate: (tree) => (app(tree, 'external-secrets').spec.syncPolicy.syncOptions = ['CreateNamespace=false']),
  },
  {
    name: 'every file is read by exactly one Application',
    check: (tree, site) => {
      const folders = [
        ...applications(tree)
          .map((application) => folder(application, site))
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
    name: 'an application of a person reaches no excluded namespace, none of the platform, and no Application',
    check: (tree, { excludedNamespaces, projects, myApps }) => {
      // A project that is there already is its owner's; docs/existing-cluster.md says what it must deny.
      if (!projects.install || !myApps.install) return [];
      const { destinations, namespaceResourceBlacklist, clusterResourceWhitelist } = tree.one('AppProject', projects.myApps).spec;
      return [
        ...problemsOf(
          [...excludedNamespaces, ...Object.values(namespaces)],
          (name) => !destinations.some(({ namespace }: Data) => namespace === `!${name}`),
          (name) => `my-apps may write into ${name}`,
        ),
        ...same(namespaceResourceBlacklist, [{ group: 'argoproj.io', kind: '*' }], 'what my-apps may not write'),
        ...same(clusterResourceWhitelist, [{ group: '', kind: 'Namespace' }], 'what my-apps may write for the cluster'),
      ];
    },
    mutate: (tree) =>
      (tree.one('AppProject', 'my-apps').spec.destinations = [
        { server: '*', namespace: '*' },
        { server: '*', namespace: '!argocd' },
      ]),
  },
  {
    name: 'an AppProject allows each Application its repositories',
    check: (tree, { projects, namePrefix }) =>
      tree.entries
        .filter(({ object }) => object.kind === 'Application' && object.metadata.name !== `${namePrefix}root`)
        .flatMap((entry) => {
          const { project } = entry.object.spec;
          const found = tree.ofKind('AppProject').find(({ metadata }) => metadata.name === project);
          if (found === undefined && !projects.install) return [];
          if (found === undefined) return [`${named(entry)}: no project is called "${project}": take one that the tree has, or add it`];
          return problemsOf(
            sources(entry.object),
            ({ repoURL }) => !found.spec.sourceRepos.includes(repoURL) && !found.spec.sourceRepos.includes('*'),
            ({ repoURL }) =>
              `${named(entry)}: project ${project} does not permit ${repoURL}: take another project, or make it with platform.application`,
          );
        }),
    mutate: (tree) => tree.one('AppProject', 'infrastructure').spec.sourceRepos.pop(),
  },
  {
    name: 'trap 34: every chart is pinned to one version, every image to one digest or version',
    check: (tree, { plumber }) => {
      const images = tree.platform.ofKind('Deployment').flatMap(({ spec }) => spec.template.spec.containers.map(({ image }: Data) => image));
      const helm = applications(tree).flatMap(sources);
      const values = applications(tree.platform)
        .flatMap(sources)
        .flatMap(({ helm: chart }) => (chart?.valuesObject?.image?.tag === undefined ? [] : [chart.valuesObject.image.tag]));
      return [
        ...problemsOf(
          helm.filter(({ chart }) => chart !== undefined),
          ({ targetRevision }) => !/^v?\d+\.\d+\.\d+(-[\w.]+)?$/.test(targetRevision),
          ({ chart, targetRevision }) => `chart ${chart} has version ${targetRevision}: write an exact one, like 3.9.0`,
        ),
        ...problemsOf(
          images,
          // The site's own image is pinned by whoever wrote it down.
          (image: string) => image !== plumber.image && !/@sha256:[0-9a-f]{64}$/.test(image),
          (image) => `image ${image} has no digest`,
        ),
        ...problemsOf(
          values,
          (tag: string) => !/^v\d+\.\d+\.\d+$/.test(tag),
          (tag) => `image tag ${tag}`,
        ),
      ];
    },
    mutate: (tree) => (sources(app(tree, 'longhorn'))[0].targetRevision = '1.x'),
  },
  {
    name: 'trap 19: VolSync is the fork with the Kopia mover, or the site’s mirror of it, and Kyverno a version that runs ClusterPolicy',
    check: (tree, site) => {
      const { volsync: mirror, kyverno } = site;
      const helm = mirror.install ? chartValues(tree, site, 'volsync') : undefined;
      const [major, minor] = kyverno.install
        ? sources(app(tree, 'kyverno', site))[0]
            .targetRevision.split('.')
            .map(Number)
        : [3, 9];
      return [
        ...(helm === undefined
          ? []
          : same(
              [sources(app(tree, 'volsync', site))[0].repoURL, ...[helm.image, helm.kopia].map(({ image, repository }) => image ?? repository)],
              [
                mirror.chartRepository ?? 'https://perfectra1n.github.io/volsync/charts',
                ...Array(2).fill(mirror.image ?? 'ghcr.io/perfectra1n/volsync'),
              ],
              'VolSync',
            )),
        ...(major === 3 && (minor === 8 || minor === 9) ? [] : [`Kyverno chart ${major}.${minor} does not run ClusterPolicy`]),
      ];
    },
    mutate: (tree) => (sources(app(tree, 'kyverno'))[0].targetRevision = '3.10.0'),
  },
  {
    name: 'trap 14 and 42: pvc-plumber answers before Kyverno gives up, and Kyverno before the API server does',
    check: (tree, site) => {
      const seconds = (text: string): number => Number(/^(\d+)s$/.exec(text)?.[1]);
      // Of a Kyverno that is there already docs/existing-cluster.md asks for these 4 seconds.
      const call = site.kyverno.install ? seconds(chartValues(tree, site, 'kyverno').features.globalContext.apiCallTimeout) : 4;
      const { timeoutSeconds } = tree.one('ClusterPolicy', 'volsync-pvc-backup-restore').spec.webhookConfiguration;
      return 2.5 < call && call < timeoutSeconds && timeoutSeconds <= 30 ? [] : [`2.5 s, ${call} s, ${timeoutSeconds} s`];
    },
    mutate: (tree) => (sources(app(tree, 'kyverno'))[0].helm.valuesObject.features.globalContext.apiCallTimeout = '30s'),
  },
  {
    name: 'a cluster of PVCs that come back at once fits into what Kyverno lets wait; it drops the rest without a word',
    check: (tree, site) => {
      if (!site.kyverno.install) return [];
      const { updateRequestThreshold } = chartValues(tree, site, 'kyverno').config;
      return updateRequestThreshold >= 10_000 ? [] : [`updateRequestThreshold is ${updateRequestThreshold}`];
    },
    mutate: (tree) => delete sources(app(tree, 'kyverno'))[0].helm.valuesObject.config.updateRequestThreshold,
  },
  {
    name: 'the policies ask Kyverno for no reports, which cost a burst a third of its calls',
    check: (tree) =>
      tree.platform
        .ofKind('ClusterPolicy')
        .filter(({ metadata }) => metadata.labels['reports.kyverno.io/disabled'] !== 'true')
        .map(({ metadata }) => metadata.name),
    mutate: (tree) => delete tree.ofKind('ClusterPolicy')[0].metadata.labels['reports.kyverno.io/disabled'],
  },
  {
    name: 'trap 20: Kyverno may make what its policies generate, before it sees the policies',
    check: (tree, site) => {
      const policies = tree.platform.ofKind('ClusterPolicy');
      const role = tree.one('ClusterRole', 'kyverno:background-controller:volsync');
      const binding = tree.one('ClusterRoleBinding', 'kyverno:background-controller:volsync');
      const targets = policies.flatMap(entriesOf).map(({ apiVersion, kind }) => [apiVersion.split('/')[0], `${kind.toLowerCase()}s`]);
      return [
        ...problemsOf(
          targets,
          ([group, resource]) =>
            !['get', 'list', 'create'].every((verb) =>
              role.rules.some((rule: Data) => rule.apiGroups.includes(group) && rule.resources.includes(resource) && rule.verbs.includes(verb)),
            ),
          ([group, resource]) => `no right to make ${group}/${resource}`,
        ),
        ...same(site.kyverno.install ? chartValues(tree, site, 'kyverno').namespaceOverride : 'kyverno', 'kyverno', 'the namespace'),
        ...problemsOf(
          policies,
          (policy) => wave(policy) <= wave(role) || wave(policy) <= wave(binding),
          ({ metadata }) => `${metadata.name} comes before its rights`,
        ),
      ];
    },
    mutate: (tree) => tree.one('ClusterRole', 'kyverno:background-controller:volsync').rules[2].resources.splice(2, 1),
  },
  {
    name: 'the rights of the description are there',
    check: (tree, { kyvernoSecretAccess }) => {
      const all = ['get', 'list', 'watch', 'create', 'update', 'delete'];
      const { rules } = tree.one('ClusterRole', 'kyverno:background-controller:volsync');
      const wanted = [
        ...(kyvernoSecretAccess ? [['', 'secrets'] as const] : []),
        ['external-secrets.io', 'externalsecrets'],
        ['volsync.backube', 'replicationsources'],
        ['volsync.backube', 'replicationdestinations'],
      ] as const;
      return problemsOf(
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
    check: (tree, site) => {
      const born = new Map([
        ['argocd', -Infinity],
        ...thereAlready(site).map((name) => [name, -Infinity] as const),
        ...tree.entries
          .filter(({ object }) => object.kind === 'Namespace')
          .map(({ path, object }) => [object.metadata.name, waveOfFile(tree, path, site)] as const),
      ]);
      const used = [
        ...tree.entries
          .filter(({ object }) => object.metadata.namespace !== undefined)
          .map((entry) => ({
            name: entry.object.metadata.namespace,
            at: waveOfFile(tree, entry.path, site),
            what: named(entry),
            added: entry.added,
          })),
        ...tree.entries
          .filter(({ object }) => object.kind === 'Application' && object.metadata.name !== `${site.namePrefix}root`)
          .map((entry) => ({ name: entry.object.spec.destination.namespace, at: wave(entry.object), what: named(entry), added: entry.added })),
      ];
      return problemsOf(
        // What a person adds may live in a namespace that the cluster has already.
        used.filter(({ name, added }) => added !== true || born.has(name)),
        ({ name, at }) => !((born.get(name) ?? Infinity) <= at),
        ({ name, what }) => `${what} needs namespace ${name} earlier: give it a later wave`,
      );
    },
    mutate: (tree) => (tree.one('Namespace', 'longhorn-system').metadata.name = 'longhorn'),
  },
  {
    name: 'trap 24: no object of monitoring.coreos.com comes before the wave that brings its kinds',
    check: (tree, site) =>
      problemsOf(
        tree.entries,
        ({ path, object }) => object.apiVersion.startsWith('monitoring.coreos.com') && waveOfFile(tree, path, site) < 5,
        (entry) => `${entry.path}: ${named(entry)} comes too early: give its Application wave.observability or a later one`,
      ),
    mutate: (tree) => {
      const monitor = tree.entries.find(({ object }) => object.kind === 'ServiceMonitor' && object.metadata.name === 'volsync')!;
      monitor.path = 'infrastructure/storage/volsync/service-monitor.yaml';
    },
  },
  {
    name: 'no PVC has a sync wave or a source in Git',
    check: (tree) =>
      problemsOf(
        tree.entries.filter(({ object }) => object.kind === 'PersistentVolumeClaim'),
        ({ object: { metadata, spec } }) =>
          'argocd.argoproj.io/sync-wave' in (metadata.annotations ?? {}) || spec.dataSourceRef !== undefined || spec.dataSource !== undefined,
        (entry) => `${entry.path}: ${named(entry)} would wait forever: remove its sync wave, dataSource and dataSourceRef`,
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

function holdsVolumes(tree: Tree, namespace: Data): boolean {
  return tree.ofKind('PersistentVolumeClaim').some(({ metadata }) => metadata.namespace === namespace.metadata.name);
}

/** Values that the tree gives to the chart of a component which it installs. */
function chartValues(tree: Tree, site: Site, name: string): Data {
  return sources(app(tree, name, site))[0].helm.valuesObject;
}

/** What must have an Application, by the choices of the site. */
function expectedWaves(site: Site): Record<string, number> {
  const { snapshots, kyverno, volsync, externalSecrets } = site;
  const waves: readonly (readonly [string, number, boolean])[] = [
    ['1passwordconnect', 0, site.onepassword?.install === true],
    ['backup-backstop', -2, true],
    ['backup-policies', 4, !kyverno.install],
    ['backup-secret-store', 0, !externalSecrets.install && site.secrets === undefined],
    ['backup-snapshot-class', 1, !volsync.install && snapshots.install],
    ['external-secrets', 0, externalSecrets.install],
    ['kyverno', 4, kyverno.install],
    ['longhorn', 1, site.longhorn.install],
    ['my-apps', 6, site.myApps.install],
    ['namespaces', -1, site.namespaces.install && installedNamespaces(site).length > 0],
    ['prometheus-stack', 5, true],
    ['pvc-plumber', 2, true],
    ['snapshot-controller', 1, site.snapshotController.install],
    ['volsync', 1, volsync.install],
  ];
  return Object.fromEntries(waves.filter(([, , there]) => there).map(([name, wave_]) => [`${site.namePrefix}${name}`, wave_]));
}

/** Namespaces of the components that the tree installs. */
function installedNamespaces({ onepassword, externalSecrets, longhorn, snapshotController, volsync, kyverno, monitoring }: Site): string[] {
  const of: readonly (readonly [string, boolean])[] = [
    ['1passwordconnect', onepassword?.install === true],
    ['external-secrets', externalSecrets.install],
    ['longhorn-system', longhorn.install],
    ['snapshot-controller', snapshotController.install],
    ['volsync-system', volsync.install],
    ['kyverno', kyverno.install],
    ['prometheus-stack', monitoring.prometheusStack],
  ];
  return of.filter(([, installed]) => installed).map(([name]) => name);
}

/** Namespaces that the tree may count on without making them. */
function thereAlready(site: Site): string[] {
  const own = site.namespaces.install ? installedNamespaces(site) : [];
  return [...Object.values(namespaces), site.monitoring.prometheusNamespace].filter((name) => !own.includes(name));
}
