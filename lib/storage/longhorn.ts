import { Construct } from 'constructs';
import type { values as chartValues } from '../../imports/charts/longhorn';
import { Application, type ChartSource } from '../gitops/application';
import type { ChartValues } from '../gitops/chart-values';
import { wave } from '../gitops/sync-wave';
import { namespace } from '../model/naming';

export interface LonghornProps {
  readonly chart: Pick<ChartSource, 'repo' | 'chart' | 'version'>;
}

/** Longhorn, whose chart makes the StorageClass `longhorn`. Not pruned: its objects carry the volumes. */
export class Longhorn extends Construct {
  readonly application: Application;

  constructor(scope: Construct, id: string, props: LonghornProps) {
    super(scope, id);
    this.application = new Application(this, 'application', {
      name: 'longhorn',
      wave: wave.storage,
      namespace: namespace.longhorn,
      chart: {
        ...props.chart,
        releaseName: 'longhorn',
        values: {
          // A Helm hook that never ends under Argo CD.
          preUpgradeChecker: { jobEnabled: false },
          persistence: { defaultClass: true, defaultClassReplicaCount: 3, reclaimPolicy: 'Delete' },
        } satisfies ChartValues<typeof chartValues>,
      },
      prune: false,
    });
  }
}
