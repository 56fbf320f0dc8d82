import { buildTree } from '../../lib';
import { coreProblems } from '../../verify/core-schemas';
import { smallSite } from '../support/small-site';

// eslint-disable-next-line typescript/no-explicit-any -- a rendered object, which a test breaks at will
type Data = any;

const ofKubernetes = /^(v1|(apps|batch|policy)\/v1|(admissionregistration|networking|rbac\.authorization|storage)\.k8s\.io\/v1)$/;
const core: Data[] = [...buildTree(smallSite, undefined, '/nowhere').render().values()]
  .flatMap(({ objects }) => objects)
  .filter(({ apiVersion }) => ofKubernetes.test(apiVersion));

/** A copy of the first object of a kind, with a change. */
function broken(kind: string, change: (object: Data) => void): Data {
  const object = structuredClone(core.find((each) => each.kind === kind));
  change(object);
  return object;
}

const container = ({ spec }: Data): Data => spec.template.spec.containers[0];

test('in a small site every object of Kubernetes itself holds to the closed schema of its kind', () => {
  expect(new Set(core.map(({ kind }) => kind))).toEqual(
    new Set([
      'ClusterRole',
      'ClusterRoleBinding',
      'ConfigMap',
      'Deployment',
      'Job',
      'Namespace',
      'NetworkPolicy',
      'PodDisruptionBudget',
      'Service',
      'ServiceAccount',
      'ValidatingAdmissionPolicy',
      'ValidatingAdmissionPolicyBinding',
    ]),
  );
  expect(core.flatMap(coreProblems)).toEqual([]);
});

test.each<[fault: string, kind: string, change: (object: Data) => void, words: string]>([
  ['at the top', 'Service', (object) => (object.specs = {}), 'specs is not a field of v1 Service'],
  ['in metadata', 'Namespace', (object) => (object.metadata.label = {}), 'metadata.label is not a field'],
  ['spelt as cdk8s-plus spells it', 'Service', (object) => (object.spec.clusterIp = 'None'), 'spec.clusterIp is not a field'],
  ['in a list', 'Service', (object) => (object.spec.ports[0].targetport = 80), 'spec.ports[0].targetport is not a field'],
  [
    'an object of unknown fields',
    'Service',
    (object) => (object.spec.sesionAffinityConfig = { clientIP: {} }),
    'spec.sesionAffinityConfig is not a field',
  ],
  [
    'in a Pod',
    'Deployment',
    (object) => (object.spec.template.spec.securityContext.runAsUsr = 1),
    'spec.template.spec.securityContext.runAsUsr is no',
  ],
  [
    'in a container',
    'Deployment',
    (object) => (container(object).imagePullpolicy = 'Always'),
    'spec.template.spec.containers[0].imagePullpolicy is no',
  ],
  ['in a probe', 'Deployment', (object) => (container(object).livenessProbe.httpGet.ports = 1), 'livenessProbe.httpGet.ports is not a field'],
  ['in a volume', 'Deployment', (object) => (object.spec.template.spec.volumes[0].secrets = {}), 'volumes[0].secrets is not a field'],
  ['in resources', 'Deployment', (object) => (container(object).resources.limit = {}), 'resources.limit is not a field'],
  [
    'in a rule',
    'ClusterRole',
    (object) => (object.rules[0].verb = ['get']),
    'rules[0].verb is not a field of rbac.authorization.k8s.io/v1 ClusterRole',
  ],
  ['in a binding', 'ClusterRoleBinding', (object) => (object.subjects[0].nameSpace = 'x'), 'subjects[0].nameSpace is not a field'],
  ['in a ConfigMap', 'ConfigMap', (object) => (object.Data = {}), 'Data is not a field'],
  ['in a network policy', 'NetworkPolicy', (object) => (object.spec.egress[0].port = []), 'spec.egress[0].port is not a field'],
  ['in a disruption budget', 'PodDisruptionBudget', (object) => (object.spec.minAvailble = 1), 'spec.minAvailble is not a field'],
  [
    'in a service account',
    'ServiceAccount',
    (object) => (object.automountServiceAccountTokens = true),
    'automountServiceAccountTokens is not a field',
  ],
  [
    'in an admission policy',
    'ValidatingAdmissionPolicy',
    (object) => (object.spec.validations[0].messages = 'x'),
    'spec.validations[0].messages is no',
  ],
  ['a text for a number', 'Deployment', (object) => (object.spec.replicas = '2'), 'data/spec/replicas must be integer'],
  ['a number for a text', 'ConfigMap', (object) => (object.data = { a: 1 }), 'data/data/a must be string'],
  ['a number in a label', 'Namespace', (object) => (object.metadata.labels.a = 1), 'data/metadata/labels/a must be string'],
  ['what must be there', 'Deployment', (object) => delete object.spec.selector, 'data/spec must have required property selector'],
  ['a container without a name', 'Deployment', (object) => delete container(object).name, 'must have required property name'],
  [
    'null for a number or a text',
    'Service',
    (object) => (object.spec.ports[0].targetPort = null),
    'spec.ports[0].targetPort is null: give it a value',
  ],
  ['a map for a list', 'ClusterRole', (object) => (object.rules[0].verbs = { get: true }), 'data/rules/0/verbs must be array'],
])('refused: %s, %s', (_, kind, change, words) => {
  expect(coreProblems(broken(kind, change)).join('\n')).toContain(words);
});

test('maps that may hold any key are left alone', () => {
  const open = broken('Deployment', (object) => {
    object.metadata.annotations = { 'example.com/any': 'x' };
    container(object).resources.limits['example.com/gpu'] = 1;
    object.spec.template.spec.nodeSelector = { 'example.com/disk': 'ssd' };
  });
  expect(coreProblems(open)).toEqual([]);
});
