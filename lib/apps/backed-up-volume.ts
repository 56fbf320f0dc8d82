import * as k8s from '../gitops/k8s';
import { Construct } from 'constructs';
import { labels } from '../gitops/labels';
import type { Manifest } from '../gitops/manifest';
import { keepOnDelete } from '../gitops/sync-wave';
import { isDnsSubdomain } from '../model/kubernetes-name';
import { annotation, backupLabel, maxPvcNameLength } from '../model/naming';
import { InputError } from '../model/problems';

export type AccessMode = 'ReadWriteOnce' | 'ReadWriteOncePod' | 'ReadWriteMany';

export interface BackedUpVolumeProps<Label extends string> {
  /** Requested size, for example `10Gi`. */
  readonly size: string;
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
  readonly labels: readonly string[];
  readonly excludedNamespaces: readonly string[];
}

interface Placement {
  readonly name: string;
  readonly namespace: string;
  readonly defaults: VolumeDefaults;
}

/**
 * A PersistentVolumeClaim with a backup label that some tier knows.
 *
 * It carries no sync wave: with its Pod in a later one, the sync would wait for the restore, or for ever where binding waits for a Pod. Argo CD
 * neither prunes nor deletes it.
 *
 * @throws InputError for an unknown tier and for a name that can't be restored
 */
export class BackedUpVolume<Label extends string> extends Construct {
  readonly claimName: string;

  constructor(scope: Manifest, id: string, props: BackedUpVolumeProps<Label> & Placement) {
    super(scope, id);
    const { defaults, name, namespace } = props;
    const mover = props.mover ?? {};
    const place = `volume ${namespace}/${name}`;
    if (!defaults.labels.includes(props.backup)) {
      throw new InputError(
        `${place}: no tier is called "${String(props.backup)}"; use one of ${defaults.labels.join(', ')}, or add it to site.tiers`,
      );
    }
    if (!isDnsSubdomain(name) || name.length > maxPvcNameLength) {
      throw new InputError(`${place}: a restorable name has at most ${maxPvcNameLength} lower-case letters, digits, dashes and dots`);
    }
    if (defaults.excludedNamespaces.includes(namespace)) throw new InputError(`${place}: the namespace is excluded from backups`);

    this.claimName = name;
    const ids = { [annotation.runAsUser]: mover.runAsUser, [annotation.runAsGroup]: mover.runAsGroup, [annotation.fsGroup]: mover.fsGroup };
    const overrides = Object.entries(ids).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)] as const]));
    new k8s.KubePersistentVolumeClaim(this, 'claim', {
      metadata: {
        name,
        namespace,
        labels: { ...labels(namespace), [backupLabel]: props.backup },
        annotations: { ...keepOnDelete, ...Object.fromEntries(overrides) },
      },
      spec: {
        accessModes: [props.accessMode ?? 'ReadWriteOnce'],
        storageClassName: props.storageClass ?? defaults.storageClass,
        resources: { requests: { storage: props.size } },
      },
    });
  }
}
