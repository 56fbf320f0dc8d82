import { Construct } from 'constructs';
import type { values as chartValues } from '../../imports/charts/snapshot-controller';
import { Application, type ComponentChart } from '../gitops/application';
import type { ChartValues } from '../gitops/chart-values';
import { wave } from '../gitops/sync-wave';
import { namespace } from '../model/naming';

export interface SnapshotControllerProps {
  readonly chart: ComponentChart;
  /** Nodes that run Pods. */
  readonly nodes: number;
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
        values: { installCRDs: true, controller: { replicaCount: Math.min(props.nodes, 2) } } satisfies ChartValues<typeof chartValues>,
        needs: [
          { path: 'installCRDs', breaks: 'the kinds of snapshots would be missing, and no backup could begin' },
          { path: 'controller.enabled', breaks: 'no snapshot would be cut, and no backup could begin', accepts: (value) => value === true },
        ],
      },
      prune: false,
    });
  }
}
