import { entriesOf } from './policy-invariants';
import { type Invariant, problemsOf, same } from '../invariant';
import { type Data, named, type Tree, eachString } from '../tree';
import type { Site } from '../../lib/site/schema';
import { queries } from './policy-invariants';

const deployment = (tree: Tree): Data => tree.one('Deployment', 'pvc-plumber');
const pod = (tree: Tree): Data => deployment(tree).spec.template.spec;
const container = (tree: Tree): Data => pod(tree).containers[0];
const service = (tree: Tree): Data => tree.one('Service', 'pvc-plumber');
const contains = (labels: Data, selector: Data): boolean => Object.entries(selector).every(([key, value]) => labels?.[key] === value);

/** Secrets that a person makes by hand. */
const byHand = ['external-secrets/1passwordconnect'];
const store = (tree: Tree, { secretSource }: Site): Data => tree.one('ClusterSecretStore', secretSource.store.name);

/** Every generated object, as Kyverno makes it. */
const generated = (tree: Tree): Data[] =>
  tree.platform
    .ofKind('ClusterPolicy')
    .flatMap(entriesOf)
    .map(({ kind, data }) => ({ kind, ...data }));

export const referenceInvariants: readonly Invariant[] = [
  {
    name: 'trap 29: the snapshot class that the movers name is that of the site, defined once or there already, and makes snapshots inside the cluster',
    check: (tree, { storage, snapshots: { install, driver, parameters } }) => [
      ...generated(tree)
        .filter(({ spec }) => spec.kopia !== undefined)
        .flatMap(({ kind, spec }) => {
          const name: string | undefined = spec.kopia.volumeSnapshotClassName;
          if (name === undefined) return [`${kind} leaves the class to a default`];
          const classes = name.startsWith('{{') ? [...name.matchAll(/'([^']*)'/g)].map(([, word]) => word) : [name];
          return problemsOf(
            [storage.snapshotClass, ...Object.values(storage.snapshotClasses)],
            (each) => !classes.includes(each),
            (each) => `${kind} does not know the class ${each}`,
          );
        }),
      ...same(
        tree.platform.ofKind('VolumeSnapshotClass').map((each) => [each.metadata.name, each.driver, each.parameters ?? {}]),
        install ? [[storage.snapshotClass, driver, parameters ?? (driver === 'driver.longhorn.io' ? { type: 'snap' } : {})]] : [],
        'the snapshot classes',
      ),
    ],
    mutate: (tree, { storage }) => delete tree.one('VolumeSnapshotClass', storage.snapshotClass).parameters,
  },
  {
    name: 'the secret store that every ExternalSecret names is defined once, or there already',
    check: (tree, { secrets, secretSource: { store: wanted } }) => {
      const stores = tree.platform.ofKind('ClusterSecretStore').map(({ metadata }) => metadata.name);
      const used = [...tree.platform.ofKind('ExternalSecret'), ...generated(tree).filter(({ kind }) => kind === 'ExternalSecret')].map(
        ({ spec }) => `${spec.secretStoreRef.kind}/${spec.secretStoreRef.name}`,
      );
      return [
        ...same(stores, secrets === undefined ? [wanted.name] : [], 'the stores'),
        ...problemsOf(
          [...new Set(used)],
          (name) => name !== `${wanted.kind}/${wanted.name}`,
          (name) => `store ${name} is not the site’s`,
        ),
      ];
    },
    mutate: (tree) => (tree.one('ExternalSecret', 'pvc-plumber-s3').spec.secretStoreRef.name = 'onepassword-connect'),
  },
  {
    name: 'every Secret that is mounted or referred to is made by an ExternalSecret, or listed as made by hand',
    check: ({ platform }, site) => {
      const made = [...platform.ofKind('ExternalSecret').map(({ metadata, spec }) => `${metadata.namespace}/${spec.target.name}`), ...byHand];
      const token = site.onepassword === undefined ? undefined : store(platform, site).spec.provider.onepassword.auth.secretRef.connectTokenSecretRef;
      const used = [
        ...(token === undefined ? [] : [`${token.namespace}/${token.name}`]),
        ...platform
          .ofKind('Deployment')
          .flatMap(({ metadata, spec }) =>
            spec.template.spec.volumes.flatMap(({ secret }: Data) => (secret === undefined ? [] : [`${metadata.namespace}/${secret.secretName}`])),
          ),
      ];
      return problemsOf(
        used,
        (name) => made.filter((other) => other === name).length !== 1,
        (name) => `nobody makes Secret ${name}`,
      );
    },
    mutate: (tree) => (pod(tree).volumes.find(({ name }: Data) => name === 's3').secret.secretName = 'pvc-plumber-config'),
  },
  {
    name: 'trap 18: the address that the policy calls is the Service of pvc-plumber, down to the port of its Pods',
    check: (tree) => {
      const urls = tree.platform
        .ofKind('ClusterPolicy')
        .flatMap(({ spec }) =>
          spec.rules.flatMap(({ context }: Data) =>
            (context ?? []).flatMap(({ apiCall }: Data) => (apiCall?.service === undefined ? [] : [apiCall.service.url])),
          ),
        );
      const { metadata, spec } = service(tree);
      const [port] = spec.ports;
      const target = container(tree).ports.find(({ name }: Data) => name === port.targetPort)?.containerPort;
      const env = container(tree).env.find(({ name }: Data) => name === 'PORT')?.value;
      return [
        ...problemsOf(
          urls,
          (url: string) => !url.startsWith(`http://${metadata.name}.${metadata.namespace}.svc.cluster.local/exists/`),
          (url) => `${url} is not the Service`,
        ),
        ...same([urls.length > 0, port.port, String(target)], [true, 80, env], 'the ports'),
        ...(contains(deployment(tree).spec.template.metadata.labels, spec.selector) ? [] : ['the Service selects no Pod']),
      ];
    },
    mutate: (tree) => (service(tree).spec.ports[0].targetPort = 'web'),
  },
  {
    name: 'trap 18: Kopia gets the bare host, pvc-plumber the URL of the same store and bucket',
    check: (tree, { s3 }) => {
      const env = Object.fromEntries(container(tree).env.map(({ name, value }: Data) => [name, value]));
      return [
        ...same([env.S3_ENDPOINT, env.S3_BUCKET], [s3.endpoint, s3.bucket], 'store of pvc-plumber'),
        ...generated(tree).flatMap(({ spec }) =>
          spec.target === undefined
            ? []
            : same(
                `${spec.target.template.data.KOPIA_S3_ENDPOINT}/${spec.target.template.data.KOPIA_S3_BUCKET}`,
                `${env.S3_ENDPOINT.split('//')[1]}/${env.S3_BUCKET}`,
                'store of the movers',
              ),
        ),
      ];
    },
    mutate: (tree) => (container(tree).env.find(({ name }: Data) => name === 'S3_BUCKET').value = 'volsync-kopia'),
  },
  {
    name: 'pvc-plumber may be asked by Kyverno and Prometheus, and may ask DNS and the store',
    check: (tree, { s3, monitoring }) => {
      const { spec } = tree.one('NetworkPolicy', 'pvc-plumber');
      const url = new URL(s3.endpoint);
      const from = spec.ingress.flatMap(({ from: peers }: Data) =>
        peers.map(({ namespaceSelector }: Data) => namespaceSelector.matchLabels['kubernetes.io/metadata.name']),
      );
      const to = spec.egress.flatMap(({ ports }: Data) => ports.map(({ port }: Data) => port));
      return [
        ...problemsOf(
          ['kyverno', monitoring.prometheusNamespace, 'volsync-system'],
          (name) => !from.includes(name),
          (name) => `${name} can't ask`,
        ),
        ...problemsOf(
          [53, Number(url.port || (url.protocol === 'https:' ? 443 : 80))],
          (wanted) => !to.includes(wanted),
          (wanted) => `port ${wanted} is closed`,
        ),
        ...(contains(deployment(tree).spec.template.metadata.labels, spec.podSelector.matchLabels) ? [] : ['the policy selects no Pod']),
      ];
    },
    mutate: (tree) => tree.one('NetworkPolicy', 'pvc-plumber').spec.ingress[0].from.shift(),
  },
  {
    name: 'service account, ConfigMap and disruption budget of pvc-plumber are its own',
    check: (tree) => {
      const config = pod(tree).volumes.flatMap(({ configMap }: Data) => (configMap === undefined ? [] : [configMap.name]));
      const budget = tree.one('PodDisruptionBudget', 'pvc-plumber').spec.selector.matchLabels;
      return [
        ...problemsOf(
          config,
          (name) => tree.ofKind('ConfigMap').filter(({ metadata }) => metadata.name === name && metadata.namespace === 'volsync-system').length !== 1,
          (name) => `ConfigMap ${name} is not defined once`,
        ),
        ...same(
          tree
            .ofKind('ServiceAccount')
            .filter(({ metadata }) => metadata.name === pod(tree).serviceAccountName && metadata.namespace === 'volsync-system').length,
          1,
          'its service accounts',
        ),
        ...(contains(deployment(tree).spec.template.metadata.labels, budget) &&
        contains(deployment(tree).spec.template.metadata.labels, deployment(tree).spec.selector.matchLabels)
          ? []
          : ['a selector finds no Pod']),
      ];
    },
    mutate: (tree) => (tree.one('PodDisruptionBudget', 'pvc-plumber').spec.selector.matchLabels = { app: 'plumber' }),
  },
  {
    name: 'Pods run as non-root, read-only, without capabilities or token',
    check: (tree) => {
      const { securityContext, automountServiceAccountToken } = pod(tree);
      const { securityContext: inner, resources } = container(tree);
      return [
        ...same(
          [securityContext.runAsNonRoot, securityContext.runAsUser > 0, securityContext.seccompProfile.type, automountServiceAccountToken],
          [true, true, 'RuntimeDefault', false],
          'the Pod',
        ),
        ...same([inner.allowPrivilegeEscalation, inner.readOnlyRootFilesystem, inner.capabilities.drop], [false, true, ['ALL']], 'the container'),
        ...(resources.limits?.memory === undefined ? ['no memory limit'] : []),
      ];
    },
    mutate: (tree) => (container(tree).securityContext.readOnlyRootFilesystem = false),
  },
  {
    name: 'as many replicas of pvc-plumber as the site says, and all but one survive a drain and a rollout',
    check: (tree, { plumber }) =>
      same(
        [
          deployment(tree).spec.replicas,
          deployment(tree).spec.strategy.rollingUpdate.maxUnavailable,
          tree.one('PodDisruptionBudget', 'pvc-plumber').spec.maxUnavailable,
        ],
        [plumber.replicas, 0, 1],
        'replicas',
      ),
    mutate: (tree, { plumber }) => (deployment(tree).spec.replicas = plumber.replicas - 1),
  },
  {
    name: 'no Secret and nothing that looks like one stands in Git',
    check: (tree) => {
      const problems = problemsOf(
        tree.entries.filter(({ object }) => object.kind === 'Secret'),
        () => true,
        (entry) => `${entry.path}: ${named(entry)} would stand in Git: write an ExternalSecret in its place`,
      );
      for (const entry of tree.entries) {
        eachString(entry.object, (text, where) => {
          if (/-----BEGIN [A-Z ]*PRIVATE KEY-----|\bAKIA[0-9A-Z]{16}\b|:\/\/[^/\s:@{}'"]+:[^/\s:@{}'"]+@/.test(text))
            problems.push(`${entry.path}: ${named(entry)}${where} looks like a credential: take it out, and let an ExternalSecret fetch it`);
        });
      }
      return problems;
    },
    mutate: (tree) =>
      tree.add('infrastructure/controllers/pvc-plumber/s3.yaml', {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 's3', namespace: 'volsync-system' },
        stringData: {},
      }),
  },
  {
    name: 'the bootstrap Secrets have the names that the charts and the store look for',
    check: (tree, site) => {
      if (site.ownSecret !== undefined) return rightsToOneSecret(tree, site.ownSecret);
      if (site.onepassword === undefined) return [];
      const { connectHost, auth, vaults } = store(tree, site).spec.provider.onepassword;
      const connect = site.onepassword.install
        ? tree.one('Application', `${site.applicationPrefix}1passwordconnect`).spec.sources[0].helm.valuesObject.connect
        : undefined;
      return [
        ...(connect === undefined
          ? []
          : same(
              [connect.credentialsName, connect.credentialsKey],
              ['1password-credentials', '1password-credentials.json'],
              'credentials of Connect',
            )),
        ...same(
          [connectHost, Object.keys(vaults), auth.secretRef.connectTokenSecretRef],
          [site.onepassword.connectHost, [site.onepassword.vault], { key: 'token', name: '1passwordconnect', namespace: 'external-secrets' }],
          'access to Connect',
        ),
      ];
    },
    mutate: (tree) => (tree.one('Application', '1passwordconnect').spec.sources[0].helm.valuesObject.connect.credentialsName = 'op-credentials'),
  },
  {
    name: 'pvc-plumber reads endpoint, bucket and keys from where the site says',
    check: (tree, { plumberSource: { keys } }) =>
      same(
        Object.fromEntries(tree.one('ExternalSecret', 'pvc-plumber-s3').spec.data.map(({ secretKey, remoteRef }: Data) => [secretKey, remoteRef])),
        { endpoint: keys.endpoint, bucket: keys.bucket, 'access-key-id': keys.accessKeyId, 'secret-access-key': keys.secretAccessKey },
        'the places',
      ),
    mutate: (tree) => tree.one('ExternalSecret', 'pvc-plumber-s3').spec.data.pop(),
  },
  {
    name: 'annotations and labels of the policies are spelt alike everywhere',
    check: (tree) => {
      const known = [
        'decision',
        'decision-reason',
        'decided-at',
        'decided-at-version',
        'decided-for',
        'repair-requested-at',
        'skip-restore',
        'skip-restore-reason',
        'run-as-user',
        'run-as-group',
        'fs-group',
        'restore-as-of',
        'restore-previous',
        'mover',
        'owners',
      ].map((key) => `volsync.backup/${key}`);
      return tree.platform.ofKind('ClusterPolicy').flatMap((policy) =>
        queries(policy).flatMap((query) =>
          problemsOf(
            query.match(/volsync\.backup\/[\w-]+/g) ?? [],
            (key) => !known.includes(key),
            (key) => `${policy.metadata.name}: ${key}`,
          ),
        ),
      );
    },
    mutate: (tree) => {
      const policy = tree.one('ClusterPolicy', 'volsync-pvc-backup-restore');
      const [condition] = policy.spec.rules.find(({ name }: Data) => name === 'skip-restore').preconditions.all;
      condition.key = condition.key.replace('skip-restore', 'skiprestore');
    },
  },
];

/** A Secret that a person makes is read by a ServiceAccount that may get this one, and nothing else. */
function rightsToOneSecret(tree: Tree, { name, store: reader }: NonNullable<Site['ownSecret']>): string[] {
  return [
    ...same(
      tree.one('Role', reader).rules,
      [{ apiGroups: [''], resourceNames: [name], resources: ['secrets'], verbs: ['get'] }],
      'the rights to the Secret',
    ),
    ...same(
      [tree.one('RoleBinding', reader).subjects, tree.one('ClusterSecretStore', reader).spec.provider.kubernetes.auth],
      [[{ kind: 'ServiceAccount', name: reader, namespace: 'volsync-system' }], { serviceAccount: { name: reader, namespace: 'volsync-system' } }],
      'who reads the Secret',
    ),
  ];
}
