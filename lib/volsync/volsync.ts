import { Construct } from 'constructs';
import type { values as chartValues } from '../../imports/charts/volsync';
import { VolumeSnapshotClass, VolumeSnapshotClassDeletionPolicy } from '../../imports/snapshot.storage.k8s.io';
import { Application, type ChartSource } from '../gitops/application';
import type { ChartValues } from '../gitops/chart-values';
import { labels } from '../gitops/labels';
import { Manifest } from '../gitops/manifest';
import { syncWave, wave } from '../gitops/sync-wave';
import { longhornDriver, namespace } from '../model/naming';

export interface VolSyncProps {
  readonly chart: Pick<ChartSource, 'repo' | 'chart' | 'version'>;
  /** Image of the controller and of the Kopia mover, in the words of the chart. */
  readonly image: { readonly repository: string; readonly tag: string } | { readonly image: string };
  /** Name of the VolumeSnapshotClass. */
  readonly snapshotClass: string;
}

const directory = 'infrastructure/storage/volsync';

/** VolSync with the Kopia mover, and the snapshot class that its movers name. Not pruned: with its CRDs would go every backup schedule. */
export class VolSync extends Construct {
  readonly application: Application;

  constructor(scope: Construct, id: string, props: VolSyncProps) {
    super(scope, id);
    new VolumeSnapshotClass(new Manifest(this, `${directory}/volume-snapshot-class.yaml`), 'class', {
      metadata: { name: props.snapshotClass, labels: labels('volsync'), annotations: syncWave(1) },
      driver: longhornDriver,
      deletionPolicy: VolumeSnapshotClassDeletionPolicy.DELETE,
      // A snapshot inside the cluster. Without it Longhorn makes a backup to its own backup target instead.
      parameters: { type: 'snap' },
    });
    this.application = new Application(this, 'application', {
      name: 'volsync',
      wave: wave.storage,
      namespace: namespace.volsync,
      chart: {
        ...props.chart,
        releaseName: 'volsync',
        // The chart makes a ServiceMonitor of its own as soon as the cluster knows the kind; this tree has one, and two would count everything twice.
        apiVersions: ['v1'],
        values: {
          manageCRDs: true,
          image: props.image,
          kopia: props.image,
          // The metrics stay behind TLS, but need no token: the scrape has none.
          metrics: { disableAuth: true },
        } satisfies ChartValues<typeof chartValues>,
      },
      directory,
      prune: false,
    });
  }
}
