import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { annotation, maintenanceName } from '../../lib/model/naming';
import { Log } from '../../pvc-plumber/log';
import { readRepairSettings } from '../../pvc-plumber/repair/command';
import { type Generated, missing } from '../../pvc-plumber/repair/incomplete';
import { Kubernetes, type KubernetesObject } from '../../pvc-plumber/repair/kubernetes';
import { Repair } from '../../pvc-plumber/repair/repair';
import { selfSigned } from '../../pvc-plumber/testing/certificate';
import { scratchFolder } from '../support/scratch';

const now = Date.parse('2026-01-31T18:00:00Z');
const ago = (seconds: number): string => new Date(now - seconds * 1000).toISOString();
const pvc = (change: Partial<KubernetesObject> = {}, annotations: Record<string, string> = { [annotation.decision]: 'fresh' }): KubernetesObject => ({
  metadata: { namespace: 'app', name: 'data', creationTimestamp: ago(600), annotations, ...change.metadata },
  ...(change.spec === undefined ? {} : { spec: change.spec }),
  status: { phase: 'Pending', ...change.status },
});
const nothing: Generated = {
  externalSecrets: new Set(),
  replicationSources: new Set(),
  kopiaMaintenances: new Set(),
  replicationDestinations: new Set(),
};
const maintenance = maintenanceName({ namespace: 'app', name: 'data' });
const all: Generated = {
  ...nothing,
  externalSecrets: new Set(['app/volsync-data']),
  replicationSources: new Set(['app/data-backup']),
  kopiaMaintenances: new Set([`app/${maintenance}`]),
};
const always = ['externalsecrets/volsync-data', 'replicationsources/data-backup', `kopiamaintenances/${maintenance}`];
const restoring = { spec: { dataSourceRef: { apiGroup: 'volsync.backube', kind: 'ReplicationDestination', name: 'data-restore-a1b2c3d4' } } };

describe('what a PVC lacks', () => {
  test('all of it, one of it, nothing', () => {
    expect(missing(pvc(), nothing, now)).toEqual(always);
    expect(missing(pvc(), { ...all, replicationSources: new Set() }, now)).toEqual(['replicationsources/data-backup']);
    expect(missing(pvc(), all, now)).toEqual([]);
    // Another namespace's object of the name is not this one's.
    expect(missing(pvc(), { ...all, replicationSources: new Set(['other/data-backup']) }, now)).toEqual(['replicationsources/data-backup']);
  });

  test('its restore, as long as it waits for it', () => {
    const decided = { [annotation.decision]: 'restore' };
    expect(missing(pvc(restoring, decided), all, now)).toEqual(['replicationdestinations/data-restore-a1b2c3d4']);
    expect(missing(pvc({ ...restoring, status: { phase: 'Bound' } }, decided), all, now)).toEqual([]);
    expect(missing(pvc(restoring, decided), { ...all, replicationDestinations: new Set(['app/data-restore-a1b2c3d4']) }, now)).toEqual([]);
  });

  test.each<[string, KubernetesObject]>([
    ['a PVC that was just created: Kyverno is at it', { ...pvc(), metadata: { ...pvc().metadata, creationTimestamp: ago(20) } }],
    ['one that was just asked for', pvc({}, { [annotation.decision]: 'fresh', [annotation.repairRequestedAt]: ago(30) })],
    ['one that is being deleted', { ...pvc(), metadata: { ...pvc().metadata, deletionTimestamp: ago(5) } }],
    ['a block volume', pvc({ spec: { volumeMode: 'Block' } })],
    ...['unknown', 'wait', 'exists'].map((decision): [string, KubernetesObject] => [
      `one with the decision ${decision}`,
      pvc({}, { [annotation.decision]: decision }),
    ]),
  ])('nothing, for %s', (_, object) => {
    expect(missing(object, nothing, now)).toEqual([]);
  });

  test('a PVC from before the policies, and one that was asked for a minute ago, are asked for', () => {
    expect(missing(pvc({}, {}), nothing, now)).toEqual(always);
    expect(missing(pvc({}, { [annotation.repairRequestedAt]: ago(60) }), nothing, now)).toEqual(always);
  });
});

describe('before an API server', () => {
  const certificate = selfSigned();
  const patches: string[] = [];
  let failing = false;
  const server = https.createServer(certificate, (request, response) => {
    const { method, url = '', headers } = request;
    if (failing || headers.authorization !== 'Bearer a-token') return void response.writeHead(403).end('{"message":"no"}');
    if (method === 'PATCH') {
      patches.push(`${url} ${headers['content-type']}`);
      return void response.end('{}');
    }
    const items = url.startsWith('/api/v1/persistentvolumeclaims')
      ? [pvc(), { ...pvc(), metadata: { ...pvc().metadata, namespace: 'kube-system' } }]
      : [];
    response.end(JSON.stringify({ items }));
  });
  let repair: Repair;

  beforeAll(async () => {
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const accountDir = scratchFolder();
    writeFileSync(join(accountDir, 'token'), 'a-token\n');
    writeFileSync(join(accountDir, 'ca.crt'), certificate.cert);
    const kubernetes = new Kubernetes({ host: '127.0.0.1', port: String((server.address() as AddressInfo).port), accountDir });
    repair = new Repair({ kubernetes, log: new Log('error'), labels: ['hourly'], excludedNamespaces: ['kube-system'], intervalMs: 1 });
  });
  afterAll(() => {
    repair.stop();
    server.closeAllConnections();
    server.close();
  });

  test('asks for a PVC that lacks something, and leaves excluded namespaces alone', async () => {
    expect(await repair.look()).toBe(1);
    expect(patches).toEqual(['/api/v1/namespaces/app/persistentvolumeclaims/data application/merge-patch+json']);
  });

  test('a list that can’t be read is not a reason to ask', async () => {
    failing = true;
    patches.length = 0;
    await expect(repair.look()).rejects.toThrow(/answers GET .* with 403/);
    expect(patches).toEqual([]);
  });

  test('gives up after ten looks that failed, so that Kubernetes starts it anew', async () => {
    await expect(new Promise<string>((resolve) => repair.start(() => resolve('gave up')))).resolves.toBe('gave up');
  });
});

test('each mistake in the environment is named', () => {
  expect(() => readRepairSettings({ INTERVAL_MS: '5' })).toThrow(/TIERS[^]*INTERVAL_MS: "5"[^]*KUBERNETES_SERVICE_HOST/);
  expect(readRepairSettings({ TIERS: 'hourly,daily', KUBERNETES_SERVICE_HOST: 'h', KUBERNETES_SERVICE_PORT: '443' })).toMatchObject({
    labels: ['hourly', 'daily'],
    excludedNamespaces: [],
    intervalMs: 30_000,
  });
});
