import * as k8s from '../gitops/k8s';
import { Construct } from 'constructs';
import { ExternalSecret } from '../../imports/external-secrets.io';
import { Application } from '../gitops/application';
import { labels, selectorLabels } from '../gitops/labels';
import { Manifest } from '../gitops/manifest';
import { syncWave, wave } from '../gitops/sync-wave';
import { plumber } from '../model/naming';
import { externalSecretSpec } from '../secrets/external-secret-spec';
import type { Site } from '../site/schema';
import { PlumberDeployment, type PlumberDeploymentProps } from './deployment';
import { PlumberNetworkPolicy } from './network-policy';
import { PlumberRepair } from './repair';

export interface PvcPlumberProps
  extends Omit<PlumberDeploymentProps, 'directory' | 'account'>, Pick<Site, 'monitoring' | 'excludedNamespaces' | 'plumberSource'> {
  /** Label values of the tiers. */
  readonly labels: readonly string[];
}

const directory = 'infrastructure/controllers/pvc-plumber';

/** The service that says whether a backup exists, before Kyverno comes and asks. */
export class PvcPlumber extends Construct {
  readonly application: Application;

  constructor(scope: Construct, id: string, props: PvcPlumberProps) {
    super(scope, id);
    const metadata = { name: plumber.name, namespace: plumber.namespace, labels: labels(plumber.name) };
    this.credentials(props);

    const file = new Manifest(this, `${directory}/deployment.yaml`);
    const account = new k8s.KubeServiceAccount(file, 'service-account', { metadata, automountServiceAccountToken: false });
    new PlumberDeployment(file, 'pods', { ...props, directory, account });
    new k8s.KubePodDisruptionBudget(file, 'disruption-budget', {
      metadata,
      spec: { maxUnavailable: 1, selector: { matchLabels: selectorLabels(plumber.name) } },
    });
    new k8s.KubeService(new Manifest(this, `${directory}/service.yaml`), 'service', {
      metadata,
      spec: {
        selector: selectorLabels(plumber.name),
        ports: [{ name: 'http', port: plumber.servicePort, targetPort: 'http' }],
      },
    });
    new PlumberNetworkPolicy(new Manifest(this, `${directory}/network-policy.yaml`), 'network-policy', {
      s3: props.s3,
      prometheusNamespace: props.monitoring.prometheusNamespace,
    });

    new PlumberRepair(this, 'repair', { directory, program: props.program, labels: props.labels, excludedNamespaces: props.excludedNamespaces });

    this.application = new Application(this, 'application', {
      name: plumber.name,
      wave: wave.plumber,
      namespace: plumber.namespace,
      directory,
    });
  }

  /** The Secret with the S3 credentials, and with endpoint and bucket from the same place, which the service compares with the site's. */
  private credentials({ plumberSource }: PvcPlumberProps): void {
    const keys = { endpoint: 'endpoint', bucket: 'bucket', 'access-key-id': 'accessKeyId', 'secret-access-key': 'secretAccessKey' } as const;
    new ExternalSecret(new Manifest(this, `${directory}/external-secret.yaml`), 'credentials', {
      // Before the Deployment, which starts without it, but then has to say that it does not know.
      metadata: { name: plumber.credentialsSecret, namespace: plumber.namespace, labels: labels(plumber.name), annotations: syncWave(-1) },
      spec: externalSecretSpec(plumberSource, plumber.credentialsSecret, keys),
    });
  }
}
