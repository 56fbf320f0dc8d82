import * as k8s from '../gitops/k8s';
import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { labels, selectorLabels } from '../gitops/labels';
import { Manifest } from '../gitops/manifest';
import { plumber } from '../model/naming';
import type { Site } from '../site/schema';
import { bundleConfig, type PlumberProgram, programContainer, programMounts, programVolumes } from './program';

export interface PlumberDeploymentProps extends Pick<Site, 's3' | 'plumber'> {
  /** Folder of pvc-plumber's manifests. */
  readonly directory: string;
  /** Who the Pods are. */
  readonly account: ApiObject;
  readonly program: PlumberProgram;
}

const credentialsDirectory = '/etc/pvc-plumber/s3';
const clusterDirectory = '/var/run/zero-touch-pvc';

/** Pods of pvc-plumber: non-root, read-only, without capabilities, and without a token that the API server takes. */
export class PlumberDeployment extends Construct {
  constructor(scope: Manifest, id: string, props: PlumberDeploymentProps) {
    super(scope, id);
    const metadata = { name: plumber.name, namespace: plumber.namespace, labels: labels(plumber.name) };
    const { program } = props;
    if ('bundle' in program) bundleConfig(new Manifest(this, `${props.directory}/program.yaml`), program.bundle);

    new k8s.KubeDeployment(this, 'deployment', {
      metadata,
      spec: {
        replicas: props.plumber.replicas,
        selector: { matchLabels: selectorLabels(plumber.name) },
        strategy: {
          type: 'RollingUpdate',
          rollingUpdate: { maxUnavailable: 0, maxSurge: 1 },
        },
        template: { metadata: { labels: labels(plumber.name) }, spec: podSpec(props) },
      },
    });
  }
}

function podSpec(props: PlumberDeploymentProps): k8s.PodSpec {
  return {
    serviceAccountName: props.account.name,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 30,
    securityContext: { runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000, seccompProfile: { type: 'RuntimeDefault' } },
    // Preferred, so that a cluster of one node runs both replicas.
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 100, podAffinityTerm: { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: selectorLabels(plumber.name) } } },
        ],
      },
    },
    containers: [container(props)],
    volumes: [
      // Optional: without credentials the service starts and says that it does not know.
      { name: 's3', secret: { secretName: plumber.credentialsSecret, optional: true } },
      // Tells clusters apart. The API server takes no token of another audience.
      {
        name: 'cluster',
        projected: { sources: [{ serviceAccountToken: { audience: 'zero-touch-pvc', expirationSeconds: 86_400, path: 'token' } }] },
      },
      ...programVolumes(props.program),
    ],
  };
}

function container(props: PlumberDeploymentProps): k8s.Container {
  return {
    name: plumber.name,
    ...programContainer(props.program),
    env: environment(props),
    ports: [{ name: 'http', containerPort: plumber.port }],
    livenessProbe: { httpGet: { path: '/healthz', port: 'http' }, periodSeconds: 10, timeoutSeconds: 5 },
    readinessProbe: { httpGet: { path: '/readyz', port: 'http' }, periodSeconds: 5, timeoutSeconds: 3 },
    resources: {
      requests: { cpu: '100m', memory: '96Mi' },
      limits: { memory: '192Mi' },
    },
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
    volumeMounts: [
      { name: 's3', mountPath: credentialsDirectory, readOnly: true },
      { name: 'cluster', mountPath: clusterDirectory, readOnly: true },
      ...programMounts(props.program),
    ],
  };
}

function environment({ s3, plumber: { warmUp } }: PlumberDeploymentProps): k8s.EnvVar[] {
  const previous = s3.previous.map(({ endpoint, bucket }) => ({ endpoint, bucket }));
  const values: Record<string, string | undefined> = {
    PORT: String(plumber.port),
    CREDENTIALS_DIR: credentialsDirectory,
    S3_ENDPOINT: s3.endpoint,
    S3_BUCKET: s3.bucket,
    S3_PREVIOUS: previous.length === 0 ? undefined : JSON.stringify(previous),
    S3_REGION: s3.region,
    CLUSTER_TOKEN_FILE: `${clusterDirectory}/token`,
    WARM_UP: String(warmUp),
    STORE_ID: s3.storeId,
  };
  return Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}
