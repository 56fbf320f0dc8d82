import { Construct } from 'constructs';
import type { values as chartValues } from '../../imports/charts/snapshot-controller';
import { Application, type ChartSource } from '../gitops/application';
import type { ChartValues } from '../gitops/chart-values';
import { wave } from '../gitops/sync-wave';
import { namespace } from '../model/naming';

export interface SnapshotControllerProps {
  readonly chart: Pick<ChartSource, 'repo' | 'chart' | 'version'>;
}

/** CSI snapshot controller and the CRDs of `snapshot.storage.k8s.io`. Not pruned: with the CRDs would go every snapshot. */
export class SnapshotController extends Construct {
  readonly application: Application;

  constructor(scope: Construct, id: string, props: SnapshotControllerProps) {
    super(scope, id);
    this.application = new Application(this, 'application', {
      name: 'snapshot-controller',
      wave: wave.storage,
      namespace: namespace.snapshotController,
      chart: {
        ...props.chart,
        releaseName: 'snapshot-controller',
        values: { installCRDs: true, controller: { replicaCount: 2 } } satisfies ChartValues<typeof chartValues>,
      },
      prune: false,
    });
  }
}
