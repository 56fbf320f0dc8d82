import { Construct } from 'constructs';
import type { values as chartValues } from '../../imports/charts/external-secrets';
import { ClusterSecretStore, type ClusterSecretStoreSpecConditions } from '../../imports/external-secrets.io';
import { Application, type ComponentChart } from '../gitops/application';
import type { ChartNeed } from '../gitops/chart-overrides';
import type { ChartValues } from '../gitops/chart-values';
import { labels } from '../gitops/labels';
import { Manifest } from '../gitops/manifest';
import { syncWave, wave } from '../gitops/sync-wave';
import { namespace, plumber } from '../model/naming';
import type { Site } from '../site/schema';
import { ownSecretStore } from './own-secret-store';

export interface ExternalSecretsProps {
  /** @default - External Secrets is there already */
  readonly chart?: ComponentChart;
  /** The item of 1Password with the credentials. @default - they are elsewhere */
  readonly onepassword: Site['onepassword'];
  /** The Secret of a person with the credentials. @default - they are elsewhere */
  readonly ownSecret: Site['ownSecret'];
  /** Namespaces of the platform that fetch from the store, beside pvc-plumber's. */
  readonly readers: readonly string[];
}

/** Secret with the token for Connect, made by hand before the first sync. */
export const connectToken = { name: '1passwordconnect', key: 'token', namespace: namespace.externalSecrets } as const;

const directory = 'infrastructure/controllers/external-secrets';

/** Those that have the label, and the platform's own. External Secrets lets a namespace in when one of the conditions holds. */
function usersOf(label: string, readers: readonly string[]): ClusterSecretStoreSpecConditions[] {
  const namespaces = [...new Set([plumber.namespace, ...readers])];
  return [{ namespaceSelector: { matchExpressions: [{ key: label, operator: 'Exists' }] } }, { namespaces }];
}

/** The External Secrets operator, and the store that every ExternalSecret of this tree names, unless that is there already. */
export class ExternalSecrets extends Construct {
  /** Absent where both are there already. */
  readonly application: Application | undefined;

  constructor(scope: Construct, id: string, { chart, onepassword, ownSecret, readers }: ExternalSecretsProps) {
    super(scope, id);
    const makesStore = onepassword !== undefined || ownSecret !== undefined;
    const file = (): Manifest => new Manifest(this, `${directory}/cluster-secret-store.yaml`);
    if (onepassword !== undefined) onePasswordStore(file(), onepassword, readers);
    if (ownSecret !== undefined) ownSecretStore(file(), ownSecret);
    if (chart === undefined && !makesStore) return;
    this.application = new Application(this, 'application', {
      name: chart === undefined ? 'backup-secret-store' : 'external-secrets',
      wave: wave.secrets,
      namespace: namespace.externalSecrets,
      chart: chart && { ...chart, releaseName: 'external-secrets', values, needs },
      directory: makesStore ? directory : undefined,
    });
  }
}

function onePasswordStore(
  file: Manifest,
  { store, connectHost, vault, namespaceLabel }: NonNullable<Site['onepassword']>,
  readers: readonly string[],
): void {
  new ClusterSecretStore(file, 'store', {
    // After the operator, whose webhook must answer first.
    metadata: { name: store, labels: labels('external-secrets'), annotations: syncWave(1) },
    spec: {
      conditions: namespaceLabel === undefined ? undefined : usersOf(namespaceLabel, readers),
      provider: { onepassword: { connectHost, vaults: { [vault]: 1 }, auth: { secretRef: { connectTokenSecretRef: connectToken } } } },
    },
  });
}

const needs: readonly ChartNeed[] = [
  { path: 'installCRDs', breaks: 'the kinds of ExternalSecrets would be missing' },
  { path: 'crds.annotations', breaks: 'Argo CD would delete its CRDs with every ExternalSecret, if a version drops one' },
  ...['crds.createClusterSecretStore', 'processClusterStore', 'processSecretStore'].map((path) => ({
    path,
    breaks: 'the store of the credentials would not be read, and no credential would be fetched',
    accepts: (value: unknown) => value === true,
  })),
  ...['scopedNamespace', 'scopedRBAC', 'controllerClass'].map((path) => ({
    path,
    breaks: 'it would pass over the ExternalSecrets of most PVCs, and they would have no credentials',
    accepts: (value: unknown) => value === '' || value === false,
  })),
  { path: 'metrics.service.enabled', breaks: 'nobody could scrape it, and no alert would tell of missing credentials' },
  { path: 'fullnameOverride', breaks: 'the alerts would not find its metrics' },
  { path: 'replicaCount', breaks: 'no credential would be fetched', accepts: (value) => typeof value === 'number' && value >= 1 },
];

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
