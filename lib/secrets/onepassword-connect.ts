import { Construct } from 'constructs';
import type { values as chartValues } from '../../imports/charts/connect';
import { Application, type ComponentChart } from '../gitops/application';
import type { ChartValues } from '../gitops/chart-values';
import { wave } from '../gitops/sync-wave';
import { namespace } from '../model/naming';

export interface OnePasswordConnectProps {
  readonly chart: ComponentChart;
}

/** Secret with the Connect credentials file, made by hand before the first sync. */
export const connectCredentials = { name: '1password-credentials', key: '1password-credentials.json', namespace: namespace.onepassword } as const;

/** The 1Password Connect server, which External Secrets asks. */
export class OnePasswordConnect extends Construct {
  readonly application: Application;

  constructor(scope: Construct, id: string, props: OnePasswordConnectProps) {
    super(scope, id);
    this.application = new Application(this, 'application', {
      name: '1passwordconnect',
      wave: wave.secrets,
      namespace: namespace.onepassword,
      chart: {
        ...props.chart,
        releaseName: 'connect',
        values: {
          connect: { create: true, credentialsName: connectCredentials.name, credentialsKey: connectCredentials.key },
          // Nothing here uses OnePasswordItem objects.
          operator: { create: false },
        } satisfies ChartValues<typeof chartValues>,
        needs: ['create', 'credentialsName', 'credentialsKey', 'applicationName', 'api.httpPort'].map((key) => ({
          path: `connect.${key}`,
          breaks: 'External Secrets would not find the server, or the server not its credentials, and no credential would be fetched',
        })),
      },
    });
  }
}
