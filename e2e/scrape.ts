/**
 * `npm run e2e:scrape`: what the real exporters say about a small cluster, kept for the tests of alerts and dashboard, so that the names and
 * labels there are real ones.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { annotation } from '../lib/model/naming';
import { helped } from '../scripts/usage';
import { generatedFor, deletePvc, kinds, pvc } from './harness/pvc';
import { kubeStateMetrics, stateMetricsUrl } from './harness/kube-state-metrics';
import { runInSandbox, sandboxFolder, sandboxProblem } from './harness/sandbox';
import { Environment } from './harness/environment';
import { TestContext } from './harness/test-context';
import { buildTools } from './harness/tools';
import { repository } from './harness/tree';
import { eventually } from './harness/waiting';
import { crdCache } from './harness/cluster';

const fixtures = join(repository, 'test', 'monitoring', 'fixtures');

/** Where each exporter answers in the sandbox, and which of its families are kept. */
const exporters: Readonly<Record<string, { readonly url: string; readonly families: RegExp; readonly note?: string }>> = {
  'pvc-plumber': { url: 'http://127.0.0.1:8080/metrics', families: /^pvc_plumber_/ },
  volsync: {
    url: 'https://127.0.0.1:8443/metrics',
    families: /^volsync_/,
    note: 'The official VolSync with the mover of e2e/tools/volsync; the fork has the same core metrics, and more.',
  },
  'external-secrets': { url: 'http://127.0.0.1:8090/metrics', families: /^(externalsecret|clustersecretstore)_/ },
  kyverno: { url: 'http://127.0.0.1:8001/metrics', families: /^kyverno_(info|admission_requests)/ },
  'kube-state-metrics': {
    url: stateMetricsUrl,
    families:
      /^kube_(persistentvolumeclaim_(info|labels|annotations|created|status_phase)|persistentvolume_(info|status_phase)|namespace_status_phase|job_(failed|created)|mutatingwebhookconfiguration_info|replication|kopia|externalsecret_)/,
    note: 'What kopia-maint- and KopiaMaintenance say was written by hand: the controller is only in the fork.',
  },
};

async function main(): Promise<number> {
  if (sandboxFolder === undefined) {
    const problem = sandboxProblem() ?? (existsSync(crdCache) ? undefined : 'there are no CRDs: npm run crds');
    if (problem !== undefined) throw new Error(problem);
    return buildTools() && buildTools(['kube-state-metrics']) ? runInSandbox() : 1;
  }
  const environment = await Environment.start();
  const context = new TestContext(environment);
  const stateMetrics = kubeStateMetrics();
  try {
    await context.cluster.applyTree();
    // An hour is too long to wait for what it found in the store.
    await context.cluster.plumberEndpoint.restart({ SCAN_INTERVAL_MS: '5000' });
    await live(context);
    stateMetrics.start();
    for (const [name, { url, families, note }] of Object.entries(exporters)) {
      const text = await eventually(`metrics of ${name}`, 60, async () => (await read(url)) || undefined);
      keep(name, text, families, note);
    }
    await breakWebhook(context);
    const { body } = await context.cluster.api.request('GET', '/metrics');
    keep('kube-apiserver', String(body['message']), /^apiserver_admission_webhook_(rejection_count|fail_open_count)/);
    return 0;
  } finally {
    await stateMetrics.stop('SIGKILL');
    await environment.stop();
  }
}

/** PVCs in the states that the alerts tell apart. */
async function live(context: TestContext): Promise<void> {
  const { cluster } = context;
  await cluster.namespace('shop');
  await context.protect('shop', 'photos');
  await context.protect('shop', 'notes', { backup: 'daily' });
  await deletePvc(cluster, 'shop', 'photos', 60);
  await context.admitted('shop', 'photos');
  await context.restored('shop', 'photos');
  await context.admitted('shop', 'empty', { annotations: { [annotation.skipRestore]: 'true', [annotation.skipRestoreReason]: 'a new start' } });
  await context.admitted('shop', 'misspelt', { backup: 'weekly' });
  await cluster.api.patch({ ...kinds.source, namespace: 'shop', name: 'notes-backup' }, { spec: { paused: true } });
  // The fork that has KopiaMaintenance can't be had here: its controller's words are written as it would write them.
  const { maintenance } = await generatedFor(
    cluster,
    (await cluster.api.find({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: 'shop', name: 'notes' }))!,
  );
  const { name } = maintenance.metadata;
  await cluster.api.patchStatus(
    { ...kinds.maintenance, namespace: 'shop', name },
    { lastMaintenanceTime: '2026-01-01T04:00:00Z', maintenanceFailures: 1 },
  );
  const job = { apiVersion: 'batch/v1', kind: 'Job', namespace: 'shop', name: `kopia-maint-${name}-0123456789abcdef-29391840` };
  const containers = [{ name: 'kopia', image: 'kopia' }];
  await cluster.api.create({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { namespace: 'shop', name: job.name },
    spec: { suspend: true, backoffLimit: 0, template: { spec: { restartPolicy: 'Never', containers } } },
  });
  await cluster.api.patchStatus(job, {
    startTime: '2026-01-01T04:00:00Z',
    conditions: ['FailureTarget', 'Failed'].map((type) => ({
      type,
      status: 'True',
      reason: 'BackoffLimitExceeded',
      lastTransitionTime: '2026-01-01T04:01:00Z',
    })),
  });
  await fetch('http://127.0.0.1:8080/exists/shop/photos');
}

/** Nobody answers the webhook: one call that fails closed, one that fails open. */
async function breakWebhook(context: TestContext): Promise<void> {
  await context.cluster.kyverno.stop('SIGKILL');
  await context.cluster.api.create(pvc('shop', 'refused'));
  await context.cluster.api.patch(
    { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: 'shop', name: 'photos' },
    { metadata: { annotations: { [annotation.repairRequestedAt]: new Date().toISOString() } } },
  );
}

/** kube-state-metrics says something of each kind when it has listed it. */
const ofEachKind = [
  'kube_externalsecret_ready{',
  'kube_replicationsource_last_sync_time{',
  'kube_replicationdestination_created{',
  'kube_kopiamaintenance_failures{',
  'kube_persistentvolumeclaim_labels{',
  'kube_persistentvolume_info{',
  'kube_namespace_status_phase{',
  'kube_job_failed{',
  'kube_mutatingwebhookconfiguration_info{',
];

async function read(url: string): Promise<string | undefined> {
  const { Agent, request } = await import('node:https');
  if (url.startsWith('http:')) {
    const text = await (await fetch(url)).text();
    const awaited = url === stateMetricsUrl ? ofEachKind : url.includes(':8080/') ? ['persistentvolumeclaim="photos"'] : [];
    return awaited.every((part) => text.includes(part)) ? text : undefined;
  }
  return new Promise((resolve, reject) => {
    const call = request(url, { agent: new Agent({ rejectUnauthorized: false }) }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve(text));
    });
    call.on('error', reject).end();
  });
}

function keep(name: string, text: string, families: RegExp, note?: string): void {
  const kept = text.split('\n').filter((line) => families.test(line.replace(/^# (HELP|TYPE) /, '')));
  if (kept.length === 0) throw new Error(`${name} has none of the families that are kept`);
  mkdirSync(fixtures, { recursive: true });
  writeFileSync(
    join(fixtures, `${name}.prom`),
    `# Scraped by npm run e2e:scrape: the families that alerts and dashboard may read.${note === undefined ? '' : ` ${note}`}\n${kept.join('\n')}\n`,
  );
  console.log(`${name}: ${kept.length} lines`);
}

if (!helped('npm run e2e:scrape   keeps what the real exporters say about a small cluster, for the tests of alerts and dashboard'))
  void main().then((code) => (process.exitCode = code));
