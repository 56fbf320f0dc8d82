import type { Construct } from 'constructs';
import { BackedUpVolume as Volume, type BackedUpVolumeProps as VolumeProps } from '../apps/backed-up-volume';
import { KubernetesName } from '../model/kubernetes-name';
import { BackupTier } from '../model/tier';
import { parseSite } from '../site/schema';
import type { SiteValues } from '../site/values';
import type { LabelOf } from '../synth';
import type { SiteProps } from './from-tree';

export interface BackedUpVolumeProps<Values extends SiteValues> extends VolumeProps<LabelOf<Values>>, SiteProps {
  /** The values of the site: its tiers, its StorageClass and its excluded namespaces. */
  readonly site: Values;
  /** Name of the claim. A backup belongs to it and its namespace, so it is never renamed. */
  readonly name: string;
  /** Namespace of the claim, which is not made here. */
  readonly namespace: string;
}

/**
 * A PersistentVolumeClaim that is backed up, and restored when it is created again, in a chart of a person's own.
 *
 * @typeParam Values a site, so that a volume can't be given a label that none of its tiers has
 * @throws InputError for an unknown tier, an excluded namespace and a name that can't be restored
 */
export class BackedUpVolume<const Values extends SiteValues> extends Volume<LabelOf<Values>> {
  constructor(scope: Construct, id: string, { site, namespace, ...props }: BackedUpVolumeProps<Values>) {
    const { storage, tiers, excludedNamespaces } = parseSite(site);
    const defaults = { storageClass: storage.storageClass, tiers: tiers.map((tier) => BackupTier.of(tier)), excludedNamespaces };
    super(scope, id, { ...props, namespace: KubernetesName.ofNamespace(namespace), defaults });
  }
}
