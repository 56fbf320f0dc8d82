import { Construct } from 'constructs';
import type { values as chartValues } from '../../imports/charts/volsync';
import { VolumeSnapshotClass, VolumeSnapshotClassDeletionPolicy } from '../../imports/snapshot.storage.k8s.io';
import { Application, type ChartSource } from '../gitops/application';
import type { ChartValues } from '../gitops/chart-values';
import { labels } from '../gitops/labels';
import { Manifest } from '../gitops/manifest';
import { syncWave, wave } from '../gitops/sync-wave';
import { longhornDriver, namespace } from '../model/naming';
import type { Site } from '../site/schema';

export interface VolSyncProps {
  readonly site: Pick<Site, 'storage' | 'snapshots' | 'volsync'>;
  /** @default - VolSync is there already */
  readonly chart?: Pick<ChartSource, 'repo' | 'chart' | 'version'>;
  /** The pinned image of the controller and of the Kopia mover. */
  readonly image: { readonly repository: string; readonly tag: string };
}

const directory = 'infrastructure/storage/volsync';

/** VolSync with the Kopia mover, and the snapshot class that its movers name. Not pruned: with its CRDs would go every backup schedule. */
export class VolSync extends Construct {
  /** Absent where VolSync and the snapshot class are there already. */
  readonly application: Application | undefined;

  constructor(scope: Construct, id: string, { site, chart, image }: VolSyncProps) {
    super(scope, id);
    if (site.snapshots.install) snapshotClass(new Manifest(this, `${directory}/volume-snapshot-class.yaml`), site);
    if (chart === undefined && !site.snapshots.install) return;
    this.application = new Application(this, 'application', {
      name: chart === undefined ? 'backup-snapshot-class' : 'volsync',
      wave: wave.storage,
      namespace: namespace.volsync,
      ...(chart === undefined ? {} : { chart: source(chart, site.volsync, image) }),
      ...(site.snapshots.install ? { directory } : {}),
      prune: false,
    });
  }
}

function source(chart: NonNullable<VolSyncProps['chart']>, { image: mirror }: Site['volsync'], pinned: VolSyncProps['image']): ChartSource {
  const image = mirror === undefined ? pinned : { image: mirror };
  return {
    ...chart,
    releaseName: 'volsync',
    // The chart makes a ServiceMonitor of its own as soon as the cluster knows the kind; this tree has one, and two would count everything twice.
    apiVersions: ['v1'],
    values: {
      manageCRDs: true,
      image,
      kopia: image,
      // The metrics stay behind TLS, but need no token: the scrape has none.
      metrics: { disableAuth: true },
    } satisfies ChartValues<typeof chartValues>,
  };
}

function snapshotClass(file: Manifest, { storage, snapshots: { driver, parameters } }: Pick<Site, 'storage' | 'snapshots'>): void {
  // A snapshot inside the cluster. Without it Longhorn makes a backup to its own backup target instead.
  const given = parameters ?? (driver === longhornDriver ? { type: 'snap' } : undefined);
  new VolumeSnapshotClass(file, 'class', {
    metadata: { name: storage.snapshotClass, labels: labels('volsync'), annotations: syncWave(1) },
    driver,
    deletionPolicy: VolumeSnapshotClassDeletionPolicy.DELETE,
    ...(given === undefined ? {} : { parameters: given }),
  });
}
