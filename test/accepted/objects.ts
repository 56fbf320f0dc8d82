import { annotation } from '../../lib/model/naming';

// eslint-disable-next-line typescript/no-explicit-any -- objects as people write them, right and wrong
type Data = any;

/** An object of a user's own in the tree. The API server's decision stands in fixtures/objects.json under the name. */
export interface ObjectRow {
  readonly name: string;
  readonly object: Data;
  /** What synth says; undefined where it takes the object. */
  readonly refused?: RegExp;
}

const namespace = 'notes';

interface ClaimParts {
  readonly name?: string;
  readonly labels?: Data;
  readonly annotations?: Data;
  readonly metadata?: Data;
  readonly spec?: Data;
}

const claimSpec = { accessModes: ['ReadWriteOnce'], storageClassName: 'longhorn', resources: { requests: { storage: '1Gi' } } };

function claim({ name = 'data', labels = { backup: 'hourly' }, annotations = {}, metadata = {}, spec = {} }: ClaimParts = {}): Data {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace, labels, annotations, ...metadata },
    spec: { ...claimSpec, ...spec },
  };
}

const pod = (spec: Data = {}): Data => ({ metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'db', image: 'busybox:1' }], ...spec } });

function statefulSet(template: Data, spec: Data = {}, name = 'db'): Data {
  const { metadata = {}, spec: claimChange = {} } = template;
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name, namespace },
    spec: {
      serviceName: 'db',
      selector: { matchLabels: { app: 'db' } },
      template: pod(),
      volumeClaimTemplates: [{ metadata: { name: 'data', labels: { backup: 'hourly' }, ...metadata }, spec: { ...claimSpec, ...claimChange } }],
      ...spec,
    },
  };
}

function deployment(podSpec: Data): Data {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace },
    spec: { selector: { matchLabels: { app: 'db' } }, template: pod(podSpec) },
  };
}

const resources = (requests: Data, limits?: Data): Data => ({
  containers: [{ name: 'db', image: 'busybox:1', resources: { requests, ...(limits === undefined ? {} : { limits }) } }],
});
const size = (storage: Data): Data => ({ resources: { requests: { storage } } });
const ephemeral = (labels: Data): Data => ({
  volumes: [{ name: 'scratch', ephemeral: { volumeClaimTemplate: { metadata: { labels }, spec: claimSpec } } }],
});
const noTier = /no tier has the label backup=.*: write one of hourly, daily, or add the tier to main\.ts$/;
const noSize = /resources\.requests\.storage: .*: write a number with Ki, Mi, Gi or Ti, for example 10Gi$/;
const noId = /the annotation volsync\.backup\/[a-z-]+=.* is not an id: write a number from 0 to 2147483647 as a text$/;
const tooLong = /can't be restored: shorten it to at most 63 characters$/;
const noName = /is not a valid Kubernetes name: at most 253 lower-case letters, digits, dashes and dots$/;
const noClass = /is not a valid StorageClass name/;
const noMode = /access mode/;

/** Claims with something wrong or odd. */
const claims: readonly ObjectRow[] = [
  { name: 'claim', object: claim() },
  { name: 'claim of the other tier', object: claim({ labels: { backup: 'daily' } }) },
  { name: 'claim without the label', object: claim({ labels: {} }) },
  { name: 'claim without labels', object: claim({ labels: undefined }) },
  ...['hourli', 'Hourly', 'weekly', 'hourly-', ''].map((label) => ({
    name: `label "${label}"`,
    object: claim({ labels: { backup: label } }),
    refused: noTier,
  })),
  ...[true, 1, 1.5].map((label) => ({ name: `label ${label} without quotes`, object: claim({ labels: { backup: label } }), refused: noTier })),
  { name: 'name of 63 characters', object: claim({ name: 'n'.repeat(63) }) },
  ...[64, 200, 253].map((length) => ({ name: `name of ${length} characters`, object: claim({ name: 'n'.repeat(length) }), refused: tooLong })),
  { name: 'name of 253 characters without the label', object: claim({ name: 'n'.repeat(253), labels: {} }) },
  { name: 'name of 254 characters without the label', object: claim({ name: 'n'.repeat(254), labels: {} }), refused: noName },
  { name: 'name with dots', object: claim({ name: 'with.dots' }) },
  ...['Upper', 'under_score', '-dash', 'dash-', 'two..dots', 'a b', 'ä', 'a/b'].map((name) => ({
    name: `name ${name}`,
    object: claim({ name }),
    refused: noName,
  })),
  {
    name: 'generateName beside a name',
    object: claim({ metadata: { generateName: 'data-' } }),
    refused: /generateName gives every new PVC another name/,
  },
  { name: 'generateName without the label', object: claim({ labels: {}, metadata: { generateName: 'data-' } }) },
  { name: 'block volume', object: claim({ spec: { volumeMode: 'Block' } }), refused: /volumeMode Block has no files to back up/ },
  { name: 'block volume without the label', object: claim({ labels: {}, spec: { volumeMode: 'Block' } }) },
  { name: 'file system volume', object: claim({ spec: { volumeMode: 'Filesystem' } }) },
  { name: 'volume mode of another name', object: claim({ spec: { volumeMode: 'Files' } }), refused: /volumeMode "Files" is not one of/ },
  ...['10Gi', '500Mi', '0.5Gi', '1e9', '1073741824', '1T', '1.Gi', '.5Gi', '100k'].map((storage) => ({
    name: `size ${storage}`,
    object: claim({ spec: size(storage) }),
  })),
  { name: 'size as a number', object: claim({ spec: size(1_073_741_824) }) },
  ...['10GB', 'lots', '', ' 1Gi', '1Gi ', '1 Gi', '-1Gi', '0', '0Gi', '1gi', '1Zi', '1,5Gi', '1e', '1..5Gi', '٣Gi', 'Gi', '0x10', '∞'].map(
    (storage) => ({
      name: `size "${storage}"`,
      object: claim({ spec: size(storage) }),
      refused: noSize,
    }),
  ),
  ...['lots', '0', '-5Gi', '10GB'].map((storage) => ({
    name: `size "${storage}" without the label`,
    object: claim({ labels: {}, spec: size(storage) }),
    refused: noSize,
  })),
  ...[-5, 0].map((storage) => ({ name: `size ${storage} as a number`, object: claim({ spec: size(storage) }), refused: noSize })),
  { name: 'size true', object: claim({ spec: size(true) }), refused: noSize },
  { name: 'no size', object: claim({ spec: { resources: {} } }), refused: /it asks for no size/ },
  { name: 'no resources', object: claim({ spec: { resources: undefined } }), refused: /it asks for no size/ },
  { name: 'no access mode', object: claim({ spec: { accessModes: [] } }), refused: noMode },
  { name: 'access modes that are missing', object: claim({ spec: { accessModes: undefined } }), refused: noMode },
  { name: 'access mode that does not exist', object: claim({ spec: { accessModes: ['ReadWriteSometimes'] } }), refused: noMode },
  { name: 'ReadWriteOncePod beside another mode', object: claim({ spec: { accessModes: ['ReadWriteOncePod', 'ReadWriteOnce'] } }), refused: noMode },
  ...['ReadWriteMany', 'ReadOnlyMany', 'ReadWriteOncePod'].map((mode) => ({
    name: `access mode ${mode}`,
    object: claim({ spec: { accessModes: [mode] } }),
  })),
  { name: 'no storage class', object: claim({ spec: { storageClassName: undefined } }) },
  { name: 'empty storage class', object: claim({ spec: { storageClassName: '' } }) },
  ...['No Such', 'Fast', 'a_b', 'x'.repeat(254)].map((storageClassName) => ({
    name: `storage class ${storageClassName.slice(0, 12)}`,
    object: claim({ spec: { storageClassName } }),
    refused: noClass,
  })),
  ...[annotation.runAsUser, annotation.runAsGroup, annotation.fsGroup].flatMap((key) => [
    ...['0', '00', '568', '1000', '2147483647'].map((id) => ({ name: `${key} ${id}`, object: claim({ annotations: { [key]: id } }) })),
    ...['2147483648', '4294967295', '9999999999', '10000000000', '-1', '1.5', '1e3', 'root', '', ' 5', '5 ', '0x10', '٣'].map((id) => ({
      name: `${key} "${id}"`,
      object: claim({ annotations: { [key]: id } }),
      refused: noId,
    })),
    { name: `${key} without quotes`, object: claim({ annotations: { [key]: 1000 } }), refused: noId },
  ]),
  {
    name: 'skip-restore without a reason',
    object: claim({ annotations: { [annotation.skipRestore]: 'true' } }),
    refused: /skips the restore, but does not say why: add the annotation volsync\.backup\/skip-restore-reason/,
  },
  {
    name: 'skip-restore with a blank reason',
    object: claim({ annotations: { [annotation.skipRestore]: 'true', [annotation.skipRestoreReason]: '  ' } }),
    refused: /does not say why/,
  },
  {
    name: 'skip-restore with a reason',
    object: claim({ annotations: { [annotation.skipRestore]: 'true', [annotation.skipRestoreReason]: 'new schema' } }),
  },
];

/** Templates of StatefulSets, and volumes of Pods. */
const workloads: readonly ObjectRow[] = [
  { name: 'StatefulSet', object: statefulSet({}) },
  { name: 'StatefulSet without the label', object: statefulSet({ metadata: { labels: {} } }) },
  { name: 'StatefulSet whose claim has no name', object: statefulSet({ metadata: { name: undefined } }), refused: noName },
  { name: 'StatefulSet whose claim has capitals', object: statefulSet({ metadata: { name: 'Data' } }), refused: noName },
  { name: 'StatefulSet without claims', object: statefulSet({}, { volumeClaimTemplates: undefined }) },
  ...['hourli', 'weekly', ''].map((label) => ({
    name: `StatefulSet with label "${label}"`,
    object: statefulSet({ metadata: { labels: { backup: label } } }),
    refused: noTier,
  })),
  { name: 'StatefulSet whose claim has 63 characters', object: statefulSet({ metadata: { name: 'd'.repeat(58) } }) },
  { name: 'StatefulSet whose claim has 64 characters', object: statefulSet({ metadata: { name: 'd'.repeat(59) } }), refused: tooLong },
  {
    name: 'StatefulSet whose eleventh claim has 64 characters',
    object: statefulSet({ metadata: { name: 'd'.repeat(58) } }, { replicas: 11 }),
    refused: tooLong,
  },
  {
    name: 'StatefulSet that counts from 100, whose first claim has 65 characters',
    object: statefulSet({ metadata: { name: 'd'.repeat(58) } }, { ordinals: { start: 100 } }),
    refused: tooLong,
  },
  {
    name: 'StatefulSet with a block volume',
    object: statefulSet({ spec: { volumeMode: 'Block' } }),
    refused: /claim data-db-0 of its template: volumeMode Block/,
  },
  ...['lots', '10GB', '0', '-1Gi'].map((storage) => ({
    name: `StatefulSet with size "${storage}"`,
    object: statefulSet({ spec: size(storage) }),
    refused: noSize,
  })),
  { name: 'StatefulSet with a number as its size', object: statefulSet({ spec: size(1_000_000) }) },
  { name: 'StatefulSet with a storage class of no name', object: statefulSet({ spec: { storageClassName: 'No Such' } }), refused: noClass },
  { name: 'StatefulSet without an access mode', object: statefulSet({ spec: { accessModes: [] } }), refused: noMode },
  {
    name: 'StatefulSet with a mover above the largest id',
    object: statefulSet({ metadata: { annotations: { [annotation.runAsUser]: '2147483648' } } }),
    refused: noId,
  },
  { name: 'Deployment', object: deployment({}) },
  ...['100m', '0.5', '2', '1e3m', '0'].filter((cpu) => cpu !== '1e3m').map((cpu) => ({ name: `cpu ${cpu}`, object: deployment(resources({ cpu })) })),
  ...['lots', '100 m', '-1', '1GB', ''].map((cpu) => ({
    name: `cpu "${cpu}"`,
    object: deployment(resources({ cpu })),
    refused: /resources\.requests\.cpu: /,
  })),
  { name: 'memory 64Mi', object: deployment(resources({ memory: '64Mi' }, { memory: '128Mi' })) },
  {
    name: 'memory 64MB',
    object: deployment(resources({ memory: '64Mi' }, { memory: '128MB' })),
    refused: /resources\.limits\.memory: "128MB" is not a size for Kubernetes/,
  },
  { name: 'emptyDir of 1Gi', object: deployment({ volumes: [{ name: 'tmp', emptyDir: { sizeLimit: '1Gi' } }] }) },
  {
    name: 'emptyDir of much',
    object: deployment({ volumes: [{ name: 'tmp', emptyDir: { sizeLimit: 'much' } }] }),
    refused: /emptyDir\.sizeLimit: "much" is not a size/,
  },
  { name: 'volume of a Pod without the label', object: deployment(ephemeral({})) },
  {
    name: 'volume of a Pod with the label',
    object: deployment(ephemeral({ backup: 'hourly' })),
    refused: /is another claim for each Pod, so that no backup is ever restored/,
  },
];

export const objectRows: readonly ObjectRow[] = [...claims, ...workloads];
