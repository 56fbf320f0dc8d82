import { distance } from 'fastest-levenshtein';
import { reaches } from '../model/git';
import { namespace, platformFolders } from '../model/naming';
import { isService } from '../model/object-store';
import { credentialProblems } from './credential-checks';
import { type Fields, fieldsOf } from './fields';
import { hasFixedMinute } from '../model/schedule';
import type { Tier } from '../model/tier';
import { componentProblems } from './component-checks';
import { optInProblems } from './opt-in-checks';

/** Namespaces that the policies leave alone whatever the site says: a backup of theirs would need what runs in them. */
export const alwaysExcluded: readonly string[] = ['kube-system', namespace.volsync, namespace.kyverno];

const wellKnown: readonly string[] = [...Object.values(namespace), 'kube-system', 'kube-public', 'kube-node-lease', 'default', 'cert-manager'];

/** What no single value shows: doubles, and names that are nearly other names. Runs on unchecked values, so that all problems come at once. */
export function crossProblems(site: object): string[] {
  const values = fieldsOf(site);
  return [
    ...(Array.isArray(values['tiers']) ? tierProblems(values['tiers'] as Unchecked<Tier>[], values['spreadSchedules'] === true) : []),
    ...(Array.isArray(values['excludedNamespaces']) ? namespaceProblems(values['excludedNamespaces'] as unknown[]) : []),
    ...optInProblems(values),
    ...storeProblems(fieldsOf(values['s3'])),
    ...credentialProblems(values),
    ...componentProblems(values),
    ...monitoringProblems(fieldsOf(values['monitoring'])),
    ...directoryProblems(fieldsOf(values['git'])['path'] ?? 'dist', fieldsOf(values['myApps'])['directories']),
  ];
}

/** What may stand in an object's place, with anything in it; the schema complains about that. */
type Unchecked<T> = { readonly [Key in keyof T]?: unknown } | null | undefined;

function tierProblems(tiers: readonly Unchecked<Tier>[], spread: boolean): string[] {
  return tiers.flatMap((tier, index) => {
    const { label, schedule } = tier ?? {};
    const first = tiers.findIndex((other) => other?.label === label);
    return [
      ...(typeof label === 'string' && first < index
        ? [`site.tiers[${index}].label: "${label}" is also the label of tiers[${first}]: a PVC could not say which one it means; rename one`]
        : []),
      ...(spread && typeof schedule === 'string' && !hasFixedMinute(schedule)
        ? [`site.tiers[${index}].schedule: "${schedule}" has no fixed minute to spread: write a number in front, or set spreadSchedules to false`]
        : []),
    ];
  });
}

function namespaceProblems(list: readonly unknown[]): string[] {
  // Only texts, each at its place.
  const excluded = list.map((name) => (typeof name === 'string' ? name : ''));
  const missing = alwaysExcluded.filter((name) => !excluded.includes(name));
  return [
    ...missing.map((name) => {
      const near = nearest(name, excluded);
      return `site.excludedNamespaces: "${name}" must be in the list${near === undefined ? ': add it' : `: correct "${near}", which looks like a misspelling of it`}`;
    }),
    ...excluded.flatMap((name, index) => {
      const place = `site.excludedNamespaces[${index}]`;
      if (name === '') return [];
      if (excluded.indexOf(name) < index) return [`${place}: "${name}" stands in the list twice: remove one`];
      const near = wellKnown.includes(name) ? undefined : nearest(name, wellKnown);
      if (near === undefined || missing.includes(near)) return [];
      return [`${place}: "${name}" looks like a misspelling of "${near}": correct it`];
    }),
  ];
}

/** A name that a person may have meant. One that only goes on where the other ends, as `argo` and `argocd`, or that counts, as `kyverno-2`, is another name. */
function nearest(name: string, candidates: readonly string[]): string | undefined {
  return candidates.find((candidate) => {
    const far = distance(candidate, name);
    const [short, long] = candidate.length < name.length ? [candidate, name] : [name, candidate];
    const another = long.startsWith(short) && (far === 2 || /^-?\d+$/.test(long.slice(short.length)));
    return far <= 2 && !another;
  });
}

/** Network plugins compare the port of a packet with a NetworkPolicy after the Service's translation: then it is that of the Pod. */
function storeProblems(s3: Fields): string[] {
  return [...serviceProblems(s3), ...previousProblems(s3)];
}

function previousProblems({ endpoint, bucket, previous }: Fields): string[] {
  if (!Array.isArray(previous)) return [];
  return previous.flatMap((each: unknown, index) => {
    const store = fieldsOf(each);
    if (store['endpoint'] !== endpoint || store['bucket'] !== bucket) return [];
    return [
      `site.s3.previous[${index}]: "${String(endpoint)}", bucket "${String(bucket)}", is the store that is used now: name the one before it, or remove the entry`,
    ];
  });
}

function serviceProblems({ endpoint, podPort }: Fields): string[] {
  if (typeof endpoint !== 'string' || !isService(endpoint) || (podPort !== undefined && podPort !== null)) return [];
  return [
    `site.s3.endpoint: "${endpoint}" is a Service of this cluster: write the port on which its Pods listen as s3.podPort (kubectl get endpointslices), ` +
      `the NetworkPolicy of pvc-plumber must name it. Better is a store elsewhere: this one is lost together with the cluster`,
  ];
}

function monitoringProblems(monitoring: Fields): string[] {
  return [...prometheusProblems(monitoring), ...receiverProblems(monitoring)];
}

function receiverProblems({ prometheusStack, receiver }: Fields): string[] {
  const { configuration } = fieldsOf(receiver);
  if (prometheusStack !== false || configuration === undefined) return [];
  return [
    `site.monitoring.receiver.configuration: ${JSON.stringify(configuration)} is for the Alertmanager of this tree, and prometheusStack is false: ` +
      "give the Secret to your own Alertmanager, and leave the value out; the alerts have the label part_of: 'zero-touch-pvc'",
  ];
}

function prometheusProblems({ prometheusStack, prometheusNamespace }: Fields): string[] {
  const own = namespace.monitoring;
  if (prometheusStack === false || typeof prometheusNamespace !== 'string' || prometheusNamespace === own) return [];
  return [
    `site.monitoring.prometheusNamespace: "${prometheusNamespace}" would be let in, but this tree installs Prometheus into ${own}: leave the value out, or set ` +
      `prometheusStack to false where the cluster has its own`,
  ];
}

/** Applications of the users that would read the platform's own files, and fight its own. */
function directoryProblems(root: unknown, directories: unknown): string[] {
  if (typeof root !== 'string' || !Array.isArray(directories)) return [];
  const platform = platformFolders.map((folder) => (root === '' ? folder : `${root}/${folder}`));
  return (directories as unknown[]).flatMap((pattern, index) => {
    if (typeof pattern !== 'string' || pattern === '') return [];
    const reached = platform.find((folder) => reaches(pattern, folder));
    if (reached === undefined) return [];
    return [
      `site.myApps.directories[${index}]: "${pattern}" reaches into the platform's own folder ${reached}: name a folder that holds applications only, for example my-apps/*`,
    ];
  });
}
