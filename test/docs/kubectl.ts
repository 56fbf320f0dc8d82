import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { homelab } from '../../examples/homelab/site';
import { plumber, podLabel, secretName, sourceName } from '../../lib/model/naming';
import { help } from '../../pvc-plumber/settings';
import { type Data, repository, Tree } from '../../verify/tree';
import { isPlaceholder } from './shell';

const tree = Tree.of(homelab);

/** Flags of kubectl that documents use, by command; where kubectl is installed, a test holds them against its own help. */
export const flags: Readonly<Record<string, readonly string[]>> = {
  get: ['-n', '-A', '-o', '-L', '-l', '--watch', '--show-labels', '--show-managed-fields', '--field-selector'],
  describe: ['-n', '-l'],
  delete: ['-n', '-A', '-l', '--all', '--cascade'],
  label: ['-n', '-A', '--all', '--overwrite'],
  annotate: ['-n', '-A', '--all', '--overwrite'],
  patch: ['-n', '-p', '--type'],
  logs: ['-n', '-l', '--tail', '--prefix', '--previous', '--all-containers'],
  exec: ['-n', '-c'],
  run: ['-n', '-i', '-t', '--rm', '--image', '--restart'],
  apply: ['-f', '--server-side'],
  create: ['-n', '-o', '-f', '--dry-run'],
  'create secret generic': ['-n', '--from-file', '--from-literal'],
  'create namespace': [],
  'create job': ['-n', '--from'],
  wait: ['-n', '--for', '--timeout'],
  scale: ['-n', '--replicas'],
  'rollout restart': ['-n'],
  'top pod': ['-n'],
  kustomize: [],
};

/** Flags whose value is the next word. */
const withValue = new Set(['-n', '-o', '-l', '-f', '-p', '-c', '-L', '--type', '--field-selector']);

/** Kinds of Kubernetes itself, and of others, that are in no tree. */
const otherKinds: Readonly<Record<string, readonly string[]>> = {
  PersistentVolumeClaim: ['pvc'],
  PersistentVolume: ['pv'],
  Secret: [],
  Pod: [],
  CronJob: [],
  Event: [],
  StatefulSet: [],
  EndpointSlice: [],
  MutatingWebhookConfiguration: [],
  ValidatingWebhookConfiguration: [],
  CustomResourceDefinition: ['crd'],
  VolumeSnapshot: [],
  // Of Kyverno 1.19 (`kyverno.io/v2`): what its background controller still has to do.
  UpdateRequest: [],
};

/** Objects that charts and controllers make, with where their names come from. */
export const madeByOthers: Readonly<Record<string, string>> = {
  'CustomResourceDefinition volumesnapshots.snapshot.storage.k8s.io': 'the CSI snapshot controller',
  'Deployment volsync': 'chart volsync: the name of its release',
  'Deployment kyverno-admission-controller': 'chart kyverno',
  'Service volsync-metrics': 'chart volsync: <release>-metrics',
  'Pod alertmanager-kube-prometheus-stack-alertmanager-0': 'chart kube-prometheus-stack, and the operator’s prefix and number',
  'Deployment my-app': 'the reader’s own application, named like its namespace in the YAML of the document',
};

/** Labels of others' objects, with where they come from. */
export const labelledByOthers: Readonly<Record<string, string>> = {
  'control-plane=volsync-controller': 'chart volsync, deployment-controller.yaml',
  'app.kubernetes.io/component=admission-controller': 'chart kyverno',
  'app.kubernetes.io/component=background-controller': 'chart kyverno',
  'app.kubernetes.io/name=kube-state-metrics': 'chart kube-state-metrics',
  [`${podLabel.mover}=backup`]: 'VolSync, from spec.kopia.moverPodLabels of the ReplicationSource',
  'webhook.kyverno.io/managed-by=kyverno': 'Kyverno v1.19, pkg/controllers/webhook/controller.go',
  'kubernetes.io/service-name=kyverno-svc': 'Kubernetes, on every EndpointSlice of a Service; chart kyverno',
};

/** What is used of the two tables above; an entry that nothing uses is a lie. */
export const used = new Set<string>();

/** What a document itself says: its own YAML objects. */
export interface Scope {
  readonly objects: readonly Data[];
}

const kinds = new Map<string, string>();
for (const kind of [...tree.objects.map((object) => object.kind as string), ...importedKinds(), ...Object.keys(otherKinds)]) {
  const lower = kind.toLowerCase();
  const plural = /(s|ss|x)$/.test(lower) ? `${lower}es` : lower.replace(/y$/, 'ie') + 's';
  for (const name of [lower, plural, ...(otherKinds[kind] ?? [])]) kinds.set(name, kind);
}
kinds.set('deploy', 'Deployment');

function importedKinds(): string[] {
  const files = readdirSync(join(repository, 'imports')).filter((file) => file.endsWith('.ts'));
  return files.flatMap((file) =>
    [...readFileSync(join(repository, 'imports', file), 'utf8').matchAll(/^ +kind: '(\w+)',$/gm)].map(([, kind]) => kind!),
  );
}

const namespaces = new Set<string>(['argocd', ...tree.objects.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name)]);
const labels = new Set<string>(
  tree.objects
    .flatMap(({ metadata, spec }) => [metadata.labels ?? {}, spec?.template?.metadata?.labels ?? {}, ...(spec?.selector ? [spec.selector] : [])])
    .flatMap((each) => Object.entries(each).map(([key, value]) => `${key}=${String(value)}`))
    .concat(tree.objects.filter(({ kind }) => kind === 'Service').map(({ metadata }) => `kubernetes.io/service-name=${metadata.name}`)),
);

/** Says what is wrong with a call of kubectl: its flags, kinds, namespaces, names and labels, and what it runs in a Pod. */
export function kubectlProblems(args: readonly string[], scope: Scope): string[] {
  const split = args.indexOf('--');
  const [own, inside] = split < 0 ? [args, []] : [args.slice(0, split), args.slice(split + 1)];
  const verb = [3, 2, 1].map((count) => own.slice(0, count).join(' ')).find((words) => Object.hasOwn(flags, words));
  if (verb === undefined) return [`kubectl has no "${own[0]}", or no test knows it`];
  const { positional, options } = parsed(own.slice(verb.split(' ').length));
  return [
    ...options.filter(([flag]) => !flags[verb]!.includes(flag)).map(([flag]) => `kubectl ${verb} has no ${flag}, or no test knows it`),
    ...options.flatMap(([flag, value]) => optionProblems(flag, value, scope)),
    ...targetProblems(verb, positional, scope),
    ...insideProblems(inside),
  ];
}

function parsed(words: readonly string[]): { readonly positional: string[]; readonly options: [string, string][] } {
  const positional: string[] = [];
  const options: [string, string][] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (/^-[a-z]{2}$/.test(word)) options.push(...Array.from(word.slice(1), (letter): [string, string] => [`-${letter}`, '']));
    else if (word.startsWith('-') && word.includes('=')) options.push([word.split('=')[0]!, word.slice(word.indexOf('=') + 1)]);
    else if (withValue.has(word)) options.push([word, words[++at] ?? '']);
    else if (word.startsWith('-') && word !== '-') options.push([word, '']);
    else positional.push(word);
  }
  return { positional, options };
}

function optionProblems(flag: string, value: string, scope: Scope): string[] {
  if (flag === '-n' && !isPlaceholder(value) && !namespaces.has(value) && !namesIn(scope).has(value)) return [`there is no namespace ${value}`];
  if (flag === '-l' && !value.includes('⟨') && !labels.has(value) && !take(labelledByOthers, value)) return [`nothing has the label ${value}`];
  if (flag === '-p') return jsonProblems(value);
  return [];
}

function jsonProblems(text: string): string[] {
  try {
    JSON.parse(text);
    return [];
  } catch (error) {
    return [`${text} is not JSON: ${(error as Error).message}`];
  }
}

/** Names of the objects and namespaces in the document's own YAML. */
function namesIn({ objects }: Scope): Set<string> {
  return new Set(objects.flatMap(({ metadata }) => [metadata.name, metadata.namespace]).filter((name) => name !== undefined));
}

function take(table: Readonly<Record<string, string>>, key: string): boolean {
  if (Object.hasOwn(table, key)) used.add(key);
  return Object.hasOwn(table, key);
}

/** The kinds and names that a command is about. */
function targetProblems(verb: string, positional: readonly string[], scope: Scope): string[] {
  // They make a name.
  if (/^(create|run|apply|kustomize|top)/.test(verb)) return [];
  const [first = '', ...others] = positional;
  const names = others.filter((word) => !/^[\w./-]+(=|-$)/.test(word));
  // `logs` and `exec` are about Pods where they say nothing else.
  if (/^(logs|exec)$/.test(verb) && first !== '' && !first.includes('/')) return nameProblems('Pod', first, scope);
  // The name of what `-o name` printed, or of an argument that xargs puts there.
  if (first === '' || first === '{}') return [];
  if (first.includes('/')) {
    const [type, name] = first.split('/') as [string, string];
    return [...kindProblems(type), ...nameProblems(kinds.get(type) ?? type, name, scope)];
  }
  const types = first.split(',');
  return types.flatMap((type) => [...kindProblems(type), ...names.flatMap((name) => nameProblems(kinds.get(type) ?? type, name, scope))]);
}

function kindProblems(type: string): string[] {
  return kinds.has(type) ? [] : [`no kind is called ${type}`];
}

function nameProblems(kind: string, name: string, { objects }: Scope): string[] {
  const claims = [
    { namespace: '', name: '⟨pvc⟩' },
    ...objects.filter((object) => object.kind === 'PersistentVolumeClaim').map(({ metadata }) => metadata),
  ];
  const known = [
    ...[...tree.objects, ...objects].map((object) => `${object.kind} ${object.metadata.name}`),
    // Kubernetes calls the claims of a StatefulSet after the template, the StatefulSet and the number of the replica.
    ...objects.flatMap(({ kind: owner, metadata, spec }) =>
      owner === 'StatefulSet'
        ? spec.volumeClaimTemplates.map((claim: Data) => `PersistentVolumeClaim ${claim.metadata.name}-${metadata.name}-0`)
        : [],
    ),
    // External Secrets calls a Secret like what it makes it from.
    ...tree.objects.filter((object) => object.kind === 'ExternalSecret').map(({ metadata }) => `Secret ${metadata.name}`),
    ...claims.flatMap((claim) => [`Secret ${secretName(claim)}`, `ExternalSecret ${secretName(claim)}`, `ReplicationSource ${sourceName(claim)}`]),
    // VolSync calls its Jobs after their owner (internal/controller/mover/kopia/mover.go).
    ...[...claims.map(sourceName), '⟨name⟩'].map((source) => `Job volsync-src-${source}`),
    'Job volsync-dst-⟨replicationdestination⟩',
  ];
  if (isPlaceholder(name) || known.includes(`${kind} ${name}`) || take(madeByOthers, `${kind} ${name}`)) return [];
  return [`the tree has no ${kind} ${name}, and nothing makes it`];
}

const program = tree.objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === plumber.name)!.spec.template.spec.containers[0]
  .command as string[];

/** What is run inside a Pod: pvc-plumber by the path of the tree, JavaScript, or a request to its address. */
function insideProblems([name, ...args]: readonly string[]): string[] {
  if (name === undefined) return [];
  if (name === 'node' && args[0] === '-e') {
    const code = args[1] ?? '';
    // Throws for what is no JavaScript.
    new Script(code);
    return code.includes(`http://localhost:${plumber.port}/exists/`) ? [] : [`${code} asks another address than pvc-plumber's`];
  }
  if (name === 'node') {
    return [
      ...(args[0] === program.at(-1) ? [] : [`${args[0]} is not where the tree puts pvc-plumber: ${program.at(-1)}`]),
      ...args
        .slice(1)
        .filter((word) => !new RegExp(`^ +pvc-plumber ${word} `, 'm').test(help()))
        .map((word) => `pvc-plumber has no command ${word}`),
    ];
  }
  if (name === 'curl') return args.at(-1)!.startsWith(`${plumber.url}/exists/`) ? [] : [`${args.at(-1)} is not an address of pvc-plumber`];
  return take(insideOthers, name) ? [] : [`no test knows ${name}, which is run in a Pod`];
}

/** Programs in images of others. */
export const insideOthers: Readonly<Record<string, string>> = { amtool: 'the image of Alertmanager' };
