import type { ChartName } from '../../versions';
import type { ItemFields } from '../model/secret-key';
import type { Tier } from '../model/tier';
import type { AlertValues, ReceiverValues } from './alerting-values';

/** The values of a site: everything that differs from one cluster to another. A person writes them in `main.ts`. */
export interface SiteValues {
  /** The Git repository that holds the rendered tree, as Argo CD reaches it. */
  readonly git: {
    /** `https://…`, `ssh://…` or `user@host:path`, without a password or token: it would be committed, and sent with every alert. */
    readonly url: string;
    /** Branch, tag or commit. @default main */
    readonly revision?: string;
    /** Folder of the rendered tree in the repository, without `.`, `..` and patterns; empty for its root. @default dist */
    readonly path?: string;
  };

  /** The S3 store of the backups. */
  readonly s3: {
    /** `http://host:port` or `https://host:port`, nothing more: VolSync's mover strips a scheme, but neither a path nor a trailing slash. */
    readonly endpoint: string;
    readonly bucket: string;
    /**
     * Port on which the Pods of the store listen, where the store is a Service of this cluster. NetworkPolicies know that one, and not the port of the
     * Service. @default - the endpoint's; required where the endpoint is a `….svc` name
     */
    readonly podPort?: number;
    /** Region that pvc-plumber signs for. @default us-east-1 */
    readonly region?: string;
    /**
     * Identity of the store: the random id of the marker object at the bucket's root, made by `npm run plumber -- identify`. With it, a bucket
     * without that very marker (emptied, misspelt, another disk behind the address) is `unknown` for every PVC. Without it such a bucket looks
     * like one that never had a backup.
     * @default - none, pvc-plumber warns
     */
    readonly storeId?: string;
    /**
     * Stores that this site used before. A PVC is called fresh only when none of them has a backup of it, with the same credentials. Needed whenever
     * `endpoint` or `bucket` changes, see docs/moving-the-store.md; taken out again when everything was copied. @default - none
     */
    readonly previous?: readonly { readonly endpoint: string; readonly bucket: string }[];
  };

  /** Where External Secrets finds the credentials. */
  readonly onepassword: {
    /** URL of the 1Password Connect server. @default - the one of this tree */
    readonly connectHost?: string;
    readonly vault: string;
    /**
     * Title of the item. `{namespace}` in it stands for the namespace of a PVC, as in `backup-{namespace}`: each namespace then has a key of the store and a
     * Kopia password of its own, and who can read its Secrets can't reach the backups of others (docs/security.md).
     */
    readonly item: string;
    /** Title of the item with pvc-plumber's own key, which only has to read. Needed where `item` names one for each namespace. @default - `item` */
    readonly plumberItem?: string;
    /** Key of a label: only namespaces that have it may use the ClusterSecretStore, and pvc-plumber's. @default - none, every namespace may */
    readonly namespaceLabel?: string;
    /** Labels of the item's fields. */
    readonly fields: ItemFields;
    /** Name of the ClusterSecretStore. @default 1password */
    readonly store?: string;
  };

  readonly storage: {
    /** Class of a PVC that names none; a PVC's own class wins. */
    readonly storageClass: string;
    /** VolumeSnapshotClass that this tree renders and the movers use. */
    readonly snapshotClass: string;
    /** Size limit of Kopia's cache in a mover Pod. @default 2Gi */
    readonly cacheCapacity?: string;
    /** Copies that Longhorn keeps of each volume, on as many nodes. With fewer nodes than copies every volume stays degraded. @default 3 */
    readonly replicas?: number;
  };

  /** The values that the label `backup` may have, with schedule and retention. */
  readonly tiers: readonly Tier[];

  /**
   * Give each PVC a minute of its own, from a hash of its name, in place of the minute of the schedule: hundreds of volumes then do not start
   * in the same second. Every hour stays every hour, 2 o'clock stays in the hour of 2.
   * @default false, the schedules are taken as they are
   */
  readonly spreadSchedules?: boolean;

  /** Hour (0 to 23, UTC) of Kopia's daily maintenance; the minute is spread. @default 4 */
  readonly maintenanceHour?: number;

  /** Namespaces without backups. `kube-system`, `volsync-system` and `kyverno` must be among them. */
  readonly excludedNamespaces: readonly string[];

  /** Who the mover Pods are. */
  readonly mover: {
    /**
     * Bring files back with the owner, group and mode that they had. The movers then run as root with the few capabilities that this takes, which Pod
     * Security `baseline` permits. Off, in namespaces that enforce `restricted`, and for a PVC with a user of its own by annotation, they run as the user
     * below: it must be able to read every file, and what it restores belongs to it.
     * @default true
     */
    readonly keepOwners?: boolean;
    /** Numeric ids, 0 to 2147483647. */
    readonly runAsUser: number;
    readonly runAsGroup: number;
    readonly fsGroup: number;
    /**
     * CPU (`500m`, `2`) and memory (`512Mi`) of the mover Pods. Needed where namespaces have a ResourceQuota on them. Kopia takes a few hundred MiB of memory, more
     * for millions of files; a limit that is too low ends the backup.
     * @default - none
     */
    readonly resources?: {
      readonly requests?: { readonly cpu?: string; readonly memory?: string };
      readonly limits?: { readonly cpu?: string; readonly memory?: string };
    };
  };

  /**
   * Where VolSync comes from. Its fork has ended, and chart and image are served by one person: mirror both, and name the mirror here
   * (docs/decisions.md).
   */
  readonly volsync?: {
    /** Helm repository with the chart `volsync`: `https://…`, or a registry's host and path for an OCI repository. @default - the fork's own */
    readonly chartRepository?: string;
    /** Image of the controller and its movers, with tag or digest (`registry/path@sha256:…`). @default - the fork's own, by tag */
    readonly image?: string;
  };

  readonly plumber?: {
    /** Image with the service in it (see `pvc-plumber/Dockerfile`), pinned by digest or by a tag that does not move. @default - the stock Node image runs the bundle from a ConfigMap */
    readonly image?: string;
    /** @default 2 */
    readonly replicas?: number;
    /**
     * List the whole bucket at start, and compile the code of an answer, so that a burst of restores needs no look-up for each PVC. Only proves backups, never their
     * absence. @default true
     */
    readonly warmUp?: boolean;
  };

  readonly monitoring?: {
    /** Install kube-prometheus-stack. Off where the cluster has one; docs/monitoring.md says which of its settings the alerts need. @default true */
    readonly prometheusStack?: boolean;
    /** Size of the volume of Prometheus, in `storage.storageClass`. @default - none: metrics, and how long an alert holds, are gone with its Pod */
    readonly prometheusVolume?: string;
    /**
     * Scrape kube-scheduler, kube-controller-manager, kube-proxy and etcd, with the chart's alerts about them. Where these do not listen (k3s, Talos, managed clusters, kubeadm without
     * further settings), critical alerts would stand for ever. @default false
     */
    readonly controlPlane?: boolean;
    /** Namespace of the Prometheus that may scrape pvc-plumber; another than the default only with a Prometheus of the cluster's own. @default prometheus-stack */
    readonly prometheusNamespace?: string;
    /** URL in front of `<alert>.md` in the alerts' `runbook_url`. @default - the folder docs/runbooks of the Git repository */
    readonly runbookBase?: string;
    /** Choices about the alerts. */
    readonly alerts?: AlertValues;
    /**
     * Who is told: one of these. It gets every alert of the system, and of your own (`platform.alerts`), and no others. What must not be in Git is named only.
     * @default - nobody: the alerts show in Prometheus alone
     */
    readonly receiver?: ReceiverValues;
  };

  /**
   * Grant Kyverno's background controller the rule for Secrets that the original description names. Kyverno makes ExternalSecrets, never Secrets, so nothing
   * needs it, and it is a right to read every Secret of the cluster.
   * @default false
   */
  readonly kyvernoSecretAccess?: boolean;

  /**
   * Kyverno has policies about PersistentVolumeClaims beside those of the tree. By default it is asked about labelled PVCs only, by conditions in its
   * ConfigMap, and such a policy would never see another one. With `true` the conditions stand in the tree's own policies, and Kyverno compiles them anew for
   * each request: in a recovery an admission takes about a third longer (docs/scale.md).
   * @default false
   */
  readonly otherPvcPolicies?: boolean;

  /**
   * Render the keys of `argocd-cm` that the waves depend on. Off where Argo CD manages itself: two Applications would fight over the ConfigMap,
   * and its keys then belong into the other one, word for word. @default true
   */
  readonly argocdConfig?: boolean;

  readonly myApps?: {
    /** Folder patterns in the Git repository, one Application for each match; none may reach into the platform's own folders. @default - `my-apps/*` of the rendered tree and of the repository */
    readonly directories: readonly string[];
  };

  /** Chart versions in place of the pinned ones in `versions.ts`; of Kyverno only those that docs/upgrading.md supports. @default - none */
  readonly versions?: Partial<Record<ChartName, string>>;
}
