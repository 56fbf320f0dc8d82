import { Construct } from 'constructs';
import type { values as chartValues } from '../../imports/charts/longhorn';
import { Application, type ComponentChart } from '../gitops/application';
import type { ChartValues } from '../gitops/chart-values';
import * as k8s from '../gitops/k8s';
import { labels } from '../gitops/labels';
import { Manifest } from '../gitops/manifest';
import { wave } from '../gitops/sync-wave';
import { namespace } from '../model/naming';

export interface LonghornProps {
  readonly chart: ComponentChart;
  /** Copies of each volume. */
  readonly replicas: number;
  /** Any image: of a Job that never runs. */
  readonly image: string;
}

const directory = 'infrastructure/storage/longhorn';

/** Longhorn, whose chart makes the StorageClass `longhorn`. Not pruned: its objects carry the volumes. */
export class Longhorn extends Construct {
  readonly application: Application;

  constructor(scope: Construct, id: string, props: LonghornProps) {
    super(scope, id);
    this.keepFromUninstalling(props.image);
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
          persistence: { defaultClass: true, defaultClassReplicaCount: props.replicas, reclaimPolicy: 'Delete' },
        } satisfies ChartValues<typeof chartValues>,
        needs: [
          { path: 'preUpgradeChecker.jobEnabled', breaks: 'Argo CD would wait for ever for a hook that never ends' },
          { path: 'namespaceOverride', breaks: 'it would not be in the namespace whose Pod Security lets it run' },
        ],
      },
      directory,
      prune: false,
    });
  }

  /**
   * The chart has a Job as a `pre-delete` hook that uninstalls Longhorn, and no value for leaving it out; Argo CD runs such a hook when an Application is deleted.
   * Of two objects with one name Argo CD takes the one of the later source, and this one is skipped. It says so in a RepeatedResourceWarning.
   */
  private keepFromUninstalling(image: string): void {
    const name = 'longhorn-uninstall';
    new k8s.KubeJob(new Manifest(this, `${directory}/uninstall-job.yaml`), 'uninstall', {
      metadata: { name, namespace: namespace.longhorn, labels: labels('longhorn'), annotations: { 'argocd.argoproj.io/hook': 'Skip' } },
      // Does nothing, for whoever applies it all the same.
      spec: { suspend: true, template: { spec: { restartPolicy: 'Never', containers: [{ name, image, command: ['true'] }] } } },
    });
  }
}
