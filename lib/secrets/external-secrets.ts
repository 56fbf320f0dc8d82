import { Construct } from 'constructs';
import type { values as chartValues } from '../../imports/charts/external-secrets';
import { ClusterSecretStore, type ClusterSecretStoreSpecConditions } from '../../imports/external-secrets.io';
import { Application, type ChartSource } from '../gitops/application';
import type { ChartValues } from '../gitops/chart-values';
import { labels } from '../gitops/labels';
import { Manifest } from '../gitops/manifest';
import { syncWave, wave } from '../gitops/sync-wave';
import { namespace, plumber } from '../model/naming';

export interface ExternalSecretsProps {
  readonly chart: Pick<ChartSource, 'repo' | 'chart' | 'version'>;
  /** Name of the ClusterSecretStore. */
  readonly store: string;
  /** URL of the Connect server. */
  readonly connectHost: string;
  readonly vault: string;
  /** Key of a label: only namespaces that have it, and pvc-plumber's, may use the store. @default - every namespace may */
  readonly namespaceLabel?: string | undefined;
}

/** Secret with the token for Connect, made by hand before the first sync. */
export const connectToken = { name: '1passwordconnect', key: 'token', namespace: namespace.externalSecrets } as const;

const directory = 'infrastructure/controllers/external-secrets';

/** External Secrets lets a namespace in when one of the conditions holds. */
function usersOf(label: string): readonly ClusterSecretStoreSpecConditions[] {
  return [{ namespaceSelector: { matchExpressions: [{ key: label, operator: 'Exists' }] } }, { namespaces: [plumber.namespace] }];
}

/** The External Secrets operator and the store that every ExternalSecret of this tree names. */
export class ExternalSecrets extends Construct {
  readonly application: Application;

  constructor(scope: Construct, id: string, props: ExternalSecretsProps) {
    super(scope, id);
    new ClusterSecretStore(new Manifest(this, `${directory}/cluster-secret-store.yaml`), 'store', {
      // After the operator, whose webhook must answer first.
      metadata: { name: props.store, labels: labels('external-secrets'), annotations: syncWave(1) },
      spec: {
        ...(props.namespaceLabel === undefined ? {} : { conditions: [...usersOf(props.namespaceLabel)] }),
        provider: {
          onepassword: { connectHost: props.connectHost, vaults: { [props.vault]: 1 }, auth: { secretRef: { connectTokenSecretRef: connectToken } } },
        },
      },
    });
    this.application = new Application(this, 'application', {
      name: 'external-secrets',
      wave: wave.secrets,
      namespace: namespace.externalSecrets,
      chart: {
        ...props.chart,
        releaseName: 'external-secrets',
        values: {
          installCRDs: true,
          crds: { annotations: { 'argocd.argoproj.io/sync-options': 'Prune=false' } },
          // One worker is the default: after a disaster hundreds of ExternalSecrets would queue behind it.
          concurrent: 5,
          metrics: { service: { enabled: true } },
          processPushSecret: false,
          // Whoever may create an ExternalSecret can fetch every item of the vault.
          rbac: { aggregateToEdit: false, aggregateToAdmin: false },
          processClusterPushSecret: false,
        } satisfies ChartValues<typeof chartValues>,
      },
      directory,
    });
  }
}
