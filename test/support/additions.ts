import { ApiObject } from 'cdk8s';
import { labels, Manifest, type Platform, syncWave, wave } from '../../lib';

/** What a person adds with `extend`: an Application with a chart and a file, one in a namespace that the cluster has already, alerts, apps with volumes. */
export function additions(platform: Platform): void {
  const directory = 'infrastructure/controllers/cert-manager';
  const chart = {
    repo: 'https://charts.jetstack.io',
    chart: 'cert-manager',
    version: 'v1.20.2',
    releaseName: 'cert-manager',
    values: { crds: { enabled: true } },
  };
  const application = platform.application({ name: 'cert-manager', wave: wave.storage, namespace: 'cert-manager', chart, directory }, 'restricted');
  new ApiObject(new Manifest(application, `${directory}/issuer.yaml`), 'issuer', {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Issuer',
    metadata: { name: 'self-signed', namespace: 'cert-manager', labels: labels('cert-manager'), annotations: syncWave(1) },
    spec: { selfSigned: {} },
  });
  platform.application({ name: 'reloader', wave: 5, namespace: 'tools', chart: { ...chart, chart: 'reloader', version: '2.2.3', values: {} } });
  platform.alerts('mine', [
    {
      name: 'mine',
      alerts: [{ name: 'Mine', severity: 'warning', expr: 'up{job="mine"} == 0', for: '5m', summary: 'Mine is down.', description: 'Look at mine.' }],
    },
  ]);
  const app = platform.app('notes');
  const data = app.volume('data', { size: '1Gi', backup: 'hourly' });
  const metadata = { name: 'notes', namespace: 'notes', labels: labels('notes') };
  new ApiObject(app.file('deployment.yaml'), 'deployment', {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata,
    spec: {
      selector: { matchLabels: { app: 'notes' } },
      template: {
        metadata: { labels: { app: 'notes' } },
        spec: {
          containers: [{ name: 'notes', image: 'docker.io/library/busybox:1.37.0' }],
          volumes: [
            { name: 'data', persistentVolumeClaim: { claimName: data.claimName } },
            { name: 'password', secret: { secretName: 'made-by-hand' } },
          ],
        },
      },
    },
  });
  new ApiObject(new Manifest(application, `${directory}/policy.yaml`), 'policy', {
    apiVersion: 'kyverno.io/v1',
    kind: 'ClusterPolicy',
    metadata: { name: 'of-mine' },
    spec: { rules: [{ name: 'r', match: { any: [{ resources: { kinds: ['Job'] } }] }, validate: { message: 'no', pattern: { spec: {} } } }] },
  });
}
