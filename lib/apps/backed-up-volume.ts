import * as k8s from '../gitops/k8s';
import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { labels } from '../gitops/labels';
import { keepOnDelete } from '../gitops/sync-wave';
import { KubernetesName } from '../model/kubernetes-name';
import { annotation, backupLabel } from '../model/naming';
import { InputError, placed } from '../model/problems';
import { Size } from '../model/size';
import type { BackupTier } from '../model/tier';

export type AccessMode = 'ReadWriteOnce' | 'ReadWriteOncePod' | 'ReadWriteMany';

export interface BackedUpVolumeProps<Label extends string> {
  /** Requested size, for example `10Gi`. */
  readonly size: string | Size;
  /** Tier: a label value of `site.tiers`. */
  readonly backup: Label;
  /** @default ReadWriteOnce */
  readonly accessMode?: AccessMode;
  /** @default - the site's */
  readonly storageClass?: string;
  /** Numeric identity of the mover Pods, for files that the site's can't read. @default - the site's */
  readonly mover?: { readonly runAsUser?: number; readonly runAsGroup?: number; readonly fsGroup?: number };
}

/** What a site says about volumes. */
export interface VolumeDefaults {
  readonly storageClass: string;
  readonly tiers: readonly BackupTier[];
  readonly excludedNamespaces: readonly string[];
}

interface Placement {
  readonly name: string;
  readonly namespace: KubernetesName;
  readonly defaults: VolumeDefaults;
}

/**
 * A PersistentVolumeClaim with a backup label that some tier knows.
 *
 * It carries no sync wave: with its Pod in a later one, the sync would wait for the restore, or forever where binding waits for a Pod. Argo CD
 * neither prunes nor deletes it.
 *
 * @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/#persistentvolumeclaims
 * @throws InputError for an unknown tier, for a size that is none and for a name that can't be restored
 */
export class BackedUpVolume<Label extends string> extends Construct {
  /** The PersistentVolumeClaim. */
  readonly claim: ApiObject;
  readonly namespace: string;
  /** Requested size. */
  readonly size: Size;
  /** Not of type `Label`: a platform with more tiers is taken wherever one with fewer is wanted. */
  readonly tier: BackupTier;
  readonly storageClass: string;
  readonly accessMode: AccessMode;

  /** @internal Made by `app.volume`, or as the `BackedUpVolume` of a chart. */
  constructor(scope: Construct, id: string, props: BackedUpVolumeProps<Label> & Placement) {
    super(scope, id);
    const { name, size, tier } = placed(`volume ${props.namespace}/${props.name}`, () => checked(props));
    this.namespace = props.namespace.toString();
    this.size = size;
    this.tier = tier;
    this.storageClass = props.storageClass ?? props.defaults.storageClass;
    this.accessMode = props.accessMode ?? 'ReadWriteOnce';
    this.claim = new k8s.KubePersistentVolumeClaim(this, 'claim', {
      metadata: {
        name: name.toString(),
        namespace: this.namespace,
        labels: { ...labels(this.namespace), [backupLabel]: this.tier.label.toString() },
        annotations: { ...keepOnDelete, ...moverAnnotations(props.mover ?? {}) },
      },
      spec: {
        accessModes: [this.accessMode],
        storageClassName: this.storageClass,
        resources: { requests: { storage: this.size.toString() } },
      },
    });
  }

  /** Name of the {@link claim}, for the volumes of a Pod. */
  get claimName(): string {
    return this.claim.name;
  }
}

interface Checked {
  readonly name: KubernetesName;
  readonly size: Size;
  readonly tier: BackupTier;
}

function checked({ name, namespace, backup, size, defaults }: BackedUpVolumeProps<string> & Placement): Checked {
  const tier = defaults.tiers.find(({ label }) => label.toString() === backup);
  if (tier === undefined)
    throw new InputError(
      `no tier is called "${String(backup)}"; use one of ${defaults.tiers.map(({ label }) => label).join(', ')}, or add it to site.tiers`,
    );
  if (defaults.excludedNamespaces.includes(namespace.toString()))
    throw new InputError('the namespace is excluded from backups: use another, or take it out of excludedNamespaces');
  return { name: KubernetesName.ofPvc(name), size: Size.of(size), tier };
}

function moverAnnotations({ runAsUser, runAsGroup, fsGroup }: NonNullable<BackedUpVolumeProps<string>['mover']>): Record<string, string> {
  const ids = { [annotation.runAsUser]: runAsUser, [annotation.runAsGroup]: runAsGroup, [annotation.fsGroup]: fsGroup };
  return Object.fromEntries(Object.entries(ids).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])));
}
