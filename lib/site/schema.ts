import * as v from 'valibot';
import { ProblemsError } from '../model/problems';
import { type SecretSource, type SecretValue, secretValues } from '../model/secret-key';
import { charts } from './blocks/charts';
import { externalSecrets, kyverno, longhorn, myApps, namespaces, projects, snapshotController } from './blocks/components';
import { git } from './blocks/git';
import { monitoring } from './blocks/monitoring';
import { mover } from './blocks/mover';
import { onepassword } from './blocks/onepassword';
import { optIn } from './blocks/opt-in';
import { plumber } from './blocks/plumber';
import { s3 } from './blocks/s3';
import { ownSecret, secrets } from './blocks/secrets';
import { snapshots } from './blocks/snapshots';
import { storage } from './blocks/storage';
import { tiers } from './blocks/tiers';
import { versions } from './blocks/versions';
import { volsync } from './blocks/volsync';
import { dnsLabel, prefixProblem } from './checks';
import { crossProblems } from './cross-checks';
import { block, list, shown, switched, text, whole } from './schema-parts';
import { withoutRemoved } from './removed-values';
import type { SiteValues } from './values';

/** Everything that differs from one cluster to another: each value with its meaning, its limits and its default, here or in its block. */
export const siteSchema = block({
  /** The Git repository that holds the rendered tree, as Argo CD reaches it. */
  git,
  /** The S3 store of the backups. */
  s3,
  /** Where External Secrets finds the credentials: in an item of 1Password. One of this, `secrets` and `ownSecret` must be there. */
  onepassword,
  /** Where External Secrets finds the credentials: in any store that is there already, of Vault, a cloud, Bitwarden or another of its providers. */
  secrets,
  /**
   * A Secret in `volsync-system` that you make yourself, for example with SOPS or Sealed Secrets. External Secrets reads it, and nothing else, with a ServiceAccount
   * that has the right to this one Secret only.
   */
  ownSecret,
  /** Volumes and snapshots. */
  storage,
  /** The values that the label `backup` may have, with schedule and retention. */
  tiers,
  /**
   * Give each PVC a minute of its own, from a hash of its name, in place of the minute of the schedule: hundreds of volumes then do not start
   * in the same second. Every hour stays every hour, 2 o'clock stays in the hour of 2.
   */
  spreadSchedules: switched(false),
  /** Hour (0 to 23, UTC) of Kopia's daily maintenance; the minute is spread. */
  maintenanceHour: v.optional(whole(0, 23), 4),
  /** Namespaces without backups. `kube-system`, `volsync-system` and `kyverno` must be among them. */
  excludedNamespaces: list(dnsLabel),
  /**
   * PVCs whose label nobody can set, because an operator or a chart makes them: `optIn: [{ namespace: 'media', names: ['data-*'], tier: 'daily' }]`. They get the
   * label when they are created, and while the gate is away their creation is refused. Those that exist already are labelled by hand (docs/extending.md).
   * @default - none
   */
  optIn,
  /** Who the mover Pods are. */
  mover,
  /**
   * Where VolSync comes from. Its fork has ended, and chart and image are served by one person: mirror both, and name the mirror here
   * (docs/decisions.md).
   */
  volsync,
  /** The service that says whether a backup exists. */
  plumber,
  /** Alerts, dashboard, and the Prometheus that reads them. */
  monitoring,
  /**
   * Grant Kyverno's background controller the rule for Secrets that the original description names. Kyverno makes ExternalSecrets, never Secrets, so nothing
   * needs it, and it is a right to read every Secret of the cluster.
   */
  kyvernoSecretAccess: switched(false),
  /**
   * Kyverno has policies about PersistentVolumeClaims beside those of the tree. By default it is asked about labelled PVCs only, by conditions in its
   * ConfigMap, and such a policy would never see another one. With `true` the conditions stand in the tree's own policies, and Kyverno compiles them anew for
   * each request: in a recovery an admission takes about a third longer (docs/scale.md).
   */
  otherPvcPolicies: switched(false),
  /**
   * Render the keys of `argocd-cm` that the waves depend on. Off where Argo CD manages itself: two Applications would fight over the ConfigMap,
   * and its keys then belong into the other one, word for word.
   */
  argocdConfig: switched(true),
  /** Applications of the users in plain folders. */
  myApps,
  /** The operator that fetches the credentials. */
  externalSecrets,
  /** The storage that the tree brings. */
  longhorn,
  /** The controller that cuts snapshots. */
  snapshotController,
  /** The VolumeSnapshotClass of the movers. */
  snapshots,
  /** The policy engine. */
  kyverno,
  /** Namespaces of the components. */
  namespaces,
  /** Argo CD's projects. */
  projects,
  /**
   * In front of the name of every Application, ApplicationSet and ServiceMonitor, for a cluster that has some of these names already: `backup-` makes `root` to
   * `backup-root`. Empty, or up to 20 letters, digits and dashes with a dash at the end. Changed later, it makes new Applications beside the old ones, which then both
   * own the same objects: delete the old ones, without a cascade.
   */
  namePrefix: v.optional(text(prefixProblem), ''),
  /**
   * Values for the charts, over those of the tree: `charts: { longhorn: { values: { persistence: { defaultFsType: 'xfs' } } } }`. Maps are joined, everything else
   * is replaced. A value that the product depends on can't be changed: synth says which, and what would break.
   */
  charts,
  /**
   * Nodes that run Pods: 1, 2, or 3 and more. Longhorn keeps as many copies of a volume, at most 3 (`storage.replicas`); Kyverno, the snapshot controller and
   * pvc-plumber run as many replicas, at most those that they have on 3 nodes. Each can be set by itself.
   */
  nodes: v.optional(whole(1), 3),
  /** Chart versions in place of the pinned ones in `versions.ts`; of Kyverno only those that docs/upgrading.md supports. @default - none */
  versions,
});

/** The values of a site with every default filled in. */
export interface Site extends Omit<v.InferOutput<typeof siteSchema>, 'storage' | 'plumber'> {
  readonly storage: v.InferOutput<typeof siteSchema>['storage'] & { readonly replicas: number };
  readonly plumber: v.InferOutput<typeof siteSchema>['plumber'] & { readonly replicas: number };
  /** Where the credentials of the movers are, whichever of the three the site names. A key may hold the placeholder of the namespace. */
  readonly secretSource: SecretSource;
  /** Where those of pvc-plumber are. */
  readonly plumberSource: SecretSource;
}

const unusable = 'The site values in main.ts are not usable:';

/** Checks a site and fills in its defaults. @throws ProblemsError with everything that is wrong, at once */
export function parseSite(values: SiteValues): Site {
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw new ProblemsError(unusable, [`site: ${shown(values)} is not an object: write the values as in the example of docs/extending.md`]);
  }
  const { values: current, problems: removed } = withoutRemoved(values);
  const result = v.safeParse(siteSchema, current satisfies v.InferInput<typeof siteSchema>);
  const said = [...removed, ...(result.issues?.map(describe) ?? []), ...crossProblems(values)];
  // Of a problem that is said twice, the sentence that says more.
  const problems = said.filter((one) => !said.some((other) => other.startsWith(`${one},`)));
  if (!result.success || problems.length > 0) throw new ProblemsError(unusable, problems);
  return derived(result.output);
}

function derived(site: v.InferOutput<typeof siteSchema>): Site {
  return {
    ...site,
    ...sourcesOf(site),
    // Kyverno's ConfigMap is the tree's only where Kyverno is; elsewhere the conditions must stand in the policies.
    otherPvcPolicies: site.otherPvcPolicies || !site.kyverno.install,
    storage: { ...site.storage, replicas: site.storage.replicas ?? Math.min(site.nodes, 3) },
    plumber: { ...site.plumber, replicas: site.plumber.replicas ?? Math.min(site.nodes, 2) },
  };
}

function sourcesOf({
  onepassword: item,
  ownSecret: own,
  secrets: any,
}: v.InferOutput<typeof siteSchema>): Pick<Site, 'secretSource' | 'plumberSource'> {
  const inOne = (name: string, key: string, fields: Readonly<Record<SecretValue, string>>): SecretSource => ({
    store: { name, kind: 'ClusterSecretStore' },
    keys: Object.fromEntries(secretValues.map((value) => [value, { key, property: fields[value] }])) as unknown as SecretSource['keys'],
  });
  if (any !== undefined) return { secretSource: any, plumberSource: { ...any, keys: any.plumberKeys ?? any.keys } };
  const secretSource = item === undefined ? inOne(own!.store, own!.name, own!.keys) : inOne(item.store, item.item, item.fields);
  return { secretSource, plumberSource: item?.plumberItem === undefined ? secretSource : inOne(item.store, item.plumberItem, item.fields) };
}

function describe({ path, message }: v.BaseIssue<unknown>): string {
  const place = (path ?? []).reduce((before, { key }) => (typeof key === 'number' ? `${before}[${key}]` : `${before}.${String(key)}`), 'site');
  return `${place}: ${message}`;
}
