import { Construct } from 'constructs';
import type { values as chartValues } from '../../imports/charts/external-secrets';
import { ClusterSecretStore, type ClusterSecretStoreSpecConditions } from '../../imports/external-secrets.io';
import { Application, type ChartSource } from '../gitops/application';
import type { ChartValues } from '../gitops/chart-values';
import { labels } from '../gitops/labels';
import { Manifest } from '../gitops/manifest';
import { syncWave, wave } from '../gitops/sync-wave';
import { namespace, plumber } from '../model/naming';
import type { Site } from '../site/schema';
import { ownSecretStore } from './own-secret-store';

export interface ExternalSecretsProps {
  /** @default - External Secrets is there already */
  readonly chart?: Pick<ChartSource, 'repo' | 'chart' | 'version'>;
  /** The item of 1Password with the credentials. @default - they are elsewhere */
  readonly onepassword: Site['onepassword'];
  /** The Secret of a person with the credentials. @default - they are elsewhere */
  readonly ownSecret: Site['ownSecret'];
}

/** Secret with the token for Connect, made by hand before the first sync. */
export const connectToken = { name: '1passwordconnect', key: 'token', namespace: namespace.externalSecrets } as const;

const directory = 'infrastructure/controllers/external-secrets';

/** External Secrets lets a namespace in when one of the conditions holds. */
function usersOf(label: string): readonly ClusterSecretStoreSpecConditions[] {
  return [{ namespaceSelector: { matchExpressions: [{ key: label, operator: 'Exists' }] } }, { namespaces: [plumber.namespace] }];
}

/** The External Secrets operator, and the store that every ExternalSecret of this tree names, unless that is there already. */
export class ExternalSecrets extends Construct {
  /** Absent where both are there already. */
  readonly application: Application | undefined;

  constructor(scope: Construct, id: string, { chart, onepassword, ownSecret }: ExternalSecretsProps) {
    super(scope, id);
    const makesStore = onepassword !== undefined || ownSecret !== undefined;
    const file = (): Manifest => new Manifest(this, `${directory}/cluster-secret-store.yaml`);
    if (onepassword !== undefined) onePasswordStore(file(), onepassword);
    if (ownSecret !== undefined) ownSecretStore(file(), ownSecret);
    if (chart === undefined && !makesStore) return;
    this.application = new Application(this, 'application', {
      name: chart === undefined ? 'backup-secret-store' : 'external-secrets',
      wave: wave.secrets,
      namespace: namespace.externalSecrets,
      ...(chart === undefined ? {} : { chart: { ...chart, releaseName: 'external-secrets', values } }),
      ...(makesStore ? { directory } : {}),
    });
  }
}

function onePasswordStore(file: Manifest, { store, connectHost, vault, namespaceLabel }: NonNullable<Site['onepassword']>): void {
  new ClusterSecretStore(file, 'store', {
    // After the operator, whose webhook must answer first.
    metadata: { name: store, labels: labels('external-secrets'), annotations: syncWave(1) },
    spec: {
      ...(namespaceLabel === undefined ? {} : { conditions: [...usersOf(namespaceLabel)] }),
      provider: { onepassword: { connectHost, vaults: { [vault]: 1 }, auth: { secretRef: { connectTokenSecretRef: connectToken } } } },
    },
  });
}

const values = {
  installCRDs: true,
  crds: { annotations: { 'argocd.argoproj.io/sync-options': 'Prune=false' } },
  // One worker is the default: after a disaster hundreds of ExternalSecrets would queue behind it.
  concurrent: 5,
  metrics: { service: { enabled: true } },
  processPushSecret: false,
  // Whoever may create an ExternalSecret can fetch every item of the vault.
  rbac: { aggregateToEdit: false, aggregateToAdmin: false },
  processClusterPushSecret: false,
} satisfies ChartValues<typeof chartValues>;
