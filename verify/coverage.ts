import { isMisspeltBackupLabel } from '../lib/model/near-miss-label';
import { backupLabel } from '../lib/model/naming';
import { tierByName } from '../lib/model/opt-in';
import type { Site } from '../lib/site/schema';
import { type Data, type Entry, named } from './tree';

/** Which volumes are backed up, and which look as if they were. */
export interface Coverage {
  /** Volumes that somebody may believe to be protected, and that are not. */
  readonly problems: readonly string[];
  /** Volumes with a tier's label, by label. */
  readonly backedUp: ReadonlyMap<string, number>;
  /** Volumes without any such label: nobody asked for a backup of them. */
  readonly unlabelled: readonly string[];
}

const workloads = ['StatefulSet', 'Deployment', 'DaemonSet', 'ReplicaSet', 'Job', 'CronJob', 'Pod'];

/** A claim, or a template that a StatefulSet makes claims of. */
interface Claim {
  readonly entry: Entry;
  /** How a message names it. */
  readonly what: string;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly labels: Data;
  readonly annotations: Data;
}

/** Looks at the labels of all volumes, and at labels that stand where they protect nothing. */
export function coverage(entries: readonly Entry[], site: Site): Coverage {
  const claims = entries.flatMap((entry) => claimsOf(entry, site));
  const tiers = site.tiers.map(({ label }) => label);
  const backedUp = new Map<string, number>();
  const unlabelled: string[] = [];
  const problems: string[] = [];
  for (const claim of claims) {
    const value: unknown = claim.labels[backupLabel];
    const found = claimProblems(claim, tiers, site.excludedNamespaces);
    problems.push(...found.map((problem) => `${claim.entry.path}: ${claim.what}: ${problem}`));
    if (value === undefined && found.length === 0) unlabelled.push(`${claim.what} in ${claim.entry.path}`);
    if (value !== undefined && found.length === 0) backedUp.set(String(value), (backedUp.get(String(value)) ?? 0) + 1);
  }
  problems.push(...entries.flatMap((entry) => workloadProblems(entry, claims, tiers)));
  return { problems, backedUp, unlabelled };
}

function claimsOf(entry: Entry, { optIn }: Site): Claim[] {
  const { kind, metadata, spec } = entry.object;
  const claim = (each: Data, what: string, name: string): Claim => {
    // With the label that the gate will give.
    const tier = tierByName(optIn, metadata?.namespace, name);
    const labels = { ...(tier === undefined ? {} : { [backupLabel]: tier }), ...each.metadata?.labels };
    return { entry, what, name, namespace: metadata?.namespace, labels, annotations: each.metadata?.annotations ?? {} };
  };
  if (kind === 'PersistentVolumeClaim') return [claim(entry.object, named(entry), metadata?.name)];
  if (kind !== 'StatefulSet') return [];
  return (spec?.volumeClaimTemplates ?? []).map((each: Data) =>
    claim(each, `claim template ${each.metadata?.name} of ${named(entry)}`, `${each.metadata?.name}-${metadata?.name}-0`),
  );
}

function claimProblems({ labels, annotations, namespace }: Claim, tiers: readonly string[], excluded: readonly string[]): string[] {
  const value: unknown = labels[backupLabel];
  const right = `${backupLabel}: ${tiers.join('|')}`;
  if (value !== undefined) {
    if (!tiers.includes(String(value)))
      return [`it is NOT backed up, because no tier is called "${value}": write ${right}, or add the tier in main.ts`];
    if (namespace !== undefined && excluded.includes(namespace))
      return [`it is NOT backed up, because namespace ${namespace} is excluded: take it out of excludedNamespaces, or move the volume`];
    return [];
  }
  const keys = [
    ...misspelt(labels, tiers).map((key) => `the label "${key}"`),
    ...[...misspelt(annotations, tiers), ...(tiers.includes(annotations[backupLabel]) ? [backupLabel] : [])].map((key) => `the annotation "${key}"`),
  ];
  return keys.map((key) => `it is NOT backed up: ${key} protects nothing; write the label ${right}, or rename the key if it means something else`);
}

/** Keys that look like the backup label. One with a prefix may belong to another program, so that its value decides. */
function misspelt(keys: Data, tiers: readonly string[]): string[] {
  return Object.keys(keys).filter((key) => isMisspeltBackupLabel(key, keys[key], tiers));
}

function workloadProblems(entry: Entry, claims: readonly Claim[], tiers: readonly string[]): string[] {
  const { kind, metadata, spec } = entry.object;
  if (!workloads.includes(kind)) return [];
  const template = kind === 'CronJob' ? spec?.jobTemplate?.spec?.template : spec?.template;
  const labels = { ...template?.metadata?.labels, ...metadata?.labels };
  const keys = [...(labels[backupLabel] === undefined ? [] : [backupLabel]), ...misspelt(labels, tiers).filter((key) => tiers.includes(labels[key]))];
  if (keys.length === 0 || volumesAreLabelled(entry, template?.spec ?? spec, claims)) return [];
  const where = kind === 'StatefulSet' ? 'the metadata of its volumeClaimTemplates' : 'the PersistentVolumeClaim itself';
  return keys.map(
    (key) => `${entry.path}: ${named(entry)}: the label "${key}" protects nothing here; write ${backupLabel}: ${tiers.join('|')} into ${where}`,
  );
}

/** Labels that are written on everything mislead nobody when the volumes have theirs. */
function volumesAreLabelled(entry: Entry, pod: Data, claims: readonly Claim[]): boolean {
  const mounted = (pod?.volumes ?? []).flatMap(({ persistentVolumeClaim: claim }: Data) => (claim === undefined ? [] : [claim.claimName]));
  const own = claims.filter(
    (claim) => claim.entry === entry || (claim.namespace === entry.object.metadata?.namespace && mounted.includes(claim.name)),
  );
  return own.length > 0 && own.every((claim) => claim.labels[backupLabel] !== undefined);
}
