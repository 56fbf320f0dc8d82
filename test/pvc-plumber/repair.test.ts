import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { writeFileSync } from 'node:fs';
import { annotation, maintenanceName } from '../../lib/model/naming';
import { Log } from '../../pvc-plumber/log';
import { readRepairSettings } from '../../pvc-plumber/repair/command';
import { foreign, type Generated, missing, unusedImage } from '../../pvc-plumber/repair/incomplete';
import { Kubernetes, type KubernetesObject } from '../../pvc-plumber/repair/kubernetes';
import { Obstacles } from '../../pvc-plumber/repair/obstacles';
import { Repair } from '../../pvc-plumber/repair/repair';
import { selfSigned } from '../../pvc-plumber/testing/certificate';
import { scratchFolder } from '../support/scratch';

const now = Date.parse('2026-01-31T18:00:00Z');
const ago = (seconds: number): string => new Date(now - seconds * 1000).toISOString();
const pvc = (change: Partial<KubernetesObject> = {}, annotations: Record<string, string> = { [annotation.decision]: 'fresh' }): KubernetesObject => ({
  metadata: { namespace: 'app', name: 'data', uid: own.uid, creationTimestamp: ago(600), annotations, ...change.metadata },
  ...(change.spec === undefined ? {} : { spec: change.spec }),
  status: { phase: 'Pending', ...change.status },
});
const own = { kind: 'PersistentVolumeClaim', name: 'data', uid: 'uid-data' };
/** An object as somebody made it, by default for the PVC above. */
const made = (name: string, change: Partial<KubernetesObject['metadata']> = {}): KubernetesObject => ({
  metadata: { namespace: 'app', name, uid: `uid-${name}`, creationTimestamp: ago(500), ownerReferences: [own], ...change },
});
const some = (...objects: KubernetesObject[]): Generated[keyof Generated] =>
  new Map(objects.map((each) => [`${each.metadata.namespace}/${each.metadata.name}`, each]));
const nothing: Generated = {
  externalSecrets: some(),
  replicationSources: some(),
  kopiaMaintenances: some(),
  replicationDestinations: some(),
};
const maintenance = maintenanceName({ namespace: 'app', name: 'data' });
const all: Generated = {
  ...nothing,
  externalSecrets: some(made('volsync-data')),
  replicationSources: some(made('data-backup')),
  kopiaMaintenances: some(made(maintenance)),
};
const always = ['externalsecrets/volsync-data', 'replicationsources/data-backup', `kopiamaintenances/${maintenance}`];
const restoring = { spec: { dataSourceRef: { apiGroup: 'volsync.backube', kind: 'ReplicationDestination', name: 'data-restore-a1b2c3d4' } } };

describe('what a PVC lacks', () => {
  test('all of it, one of it, nothing', () => {
    expect(missing(pvc(), nothing, now)).toEqual(always);
    expect(missing(pvc(), { ...all, replicationSources: some() }, now)).toEqual(['replicationsources/data-backup']);
    expect(missing(pvc(), all, now)).toEqual([]);
    // Another namespace's object of the name is not this one's.
    expect(missing(pvc(), { ...all, replicationSources: some(made('data-backup', { namespace: 'other' })) }, now)).toEqual([
      'replicationsources/data-backup',
    ]);
  });

  test('its restore, as long as it waits for it', () => {
    const decided = { [annotation.decision]: 'restore' };
    expect(missing(pvc(restoring, decided), all, now)).toEqual(['replicationdestinations/data-restore-a1b2c3d4']);
    expect(missing(pvc({ ...restoring, status: { phase: 'Bound' } }, decided), all, now)).toEqual([]);
    expect(missing(pvc(restoring, decided), { ...all, replicationDestinations: some(made('data-restore-a1b2c3d4')) }, now)).toEqual([]);
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

describe('what stands in the place of a resource of a PVC', () => {
  const source = (change: Partial<KubernetesObject['metadata']>): Generated => ({ ...all, replicationSources: some(made('data-backup', change)) });
  const is = (owner: string): object[] => [{ resource: 'replicationsources/data-backup', owner }];

  test.each<[string, Generated, object[]]>([
    ['nothing, where all of it is its own', all, []],
    ['nothing, where something lacks: it is made', { ...all, replicationSources: some() }, []],
    ['one that a person made, or whose owner was taken off', source({ ownerReferences: [] }), is('nobody')],
    ['the same, as the API server lists it', source({ ownerReferences: undefined }), is('nobody')],
    ['one of another PVC', source({ ownerReferences: [{ ...own, name: 'other', uid: 'uid-other' }] }), is('PersistentVolumeClaim other')],
    [
      'one of an earlier PVC of the name',
      source({ ownerReferences: [{ ...own, uid: 'uid-before' }] }),
      is('PersistentVolumeClaim data of another uid (uid-before)'),
    ],
    [
      'one of something else, and of another PVC',
      source({
        ownerReferences: [
          { kind: 'Deployment', name: 'data', uid: 'a' },
          { ...own, name: 'other', uid: 'b' },
        ],
      }),
      is('Deployment data, PersistentVolumeClaim other'),
    ],
    ['nothing, where it has a second owner beside the PVC', source({ ownerReferences: [{ ...own, name: 'other', uid: 'b' }, own] }), []],
    ['nothing, where it is being deleted: it goes by itself', source({ ownerReferences: [], deletionTimestamp: ago(1) }), []],
  ])('%s', (_, there, expected) => {
    expect(foreign(pvc(), there, now)).toEqual(expected);
    if (expected.length > 0) expect(missing(pvc(), there, now)).toEqual([]);
  });

  test('each kind, and a restore as long as the PVC waits for it', () => {
    const nobodys = (name: string): Generated[keyof Generated] => some(made(name, { ownerReferences: [] }));
    const there: Generated = {
      externalSecrets: nobodys('volsync-data'),
      replicationSources: nobodys('data-backup'),
      kopiaMaintenances: nobodys(maintenance),
      replicationDestinations: nobodys('data-restore-a1b2c3d4'),
    };
    const resources = (object: KubernetesObject): string[] => foreign(object, there, now).map(({ resource }) => resource);
    expect(resources(pvc())).toEqual(always);
    const decided = { [annotation.decision]: 'restore' };
    expect(resources(pvc(restoring, decided))).toEqual([...always, 'replicationdestinations/data-restore-a1b2c3d4']);
    expect(resources(pvc({ ...restoring, status: { phase: 'Bound' } }, decided))).toEqual(always);
    // A request just now changes nothing about it, a deletion does.
    expect(resources(pvc({}, { [annotation.decision]: 'fresh', [annotation.repairRequestedAt]: ago(30) }))).toEqual(always);
    expect(resources({ ...pvc(), metadata: { ...pvc().metadata, deletionTimestamp: ago(5) } })).toEqual([]);
  });
});

test('what stands in the way is said again after an hour, and at once when it is another’s', () => {
  const lines: string[] = [];
  const log = new Log('warn', (text) => void lines.push(...text.trimEnd().split('\n')));
  const obstacles = new Obstacles(log);
  const said = (minute: number, owner: string): number => {
    lines.length = 0;
    obstacles.say([{ namespace: 'app', pvc: 'data', resource: 'replicationsources/data-backup', owner }], now + minute * 60_000);
    log.flush();
    return lines.length;
  };
  expect([said(0, 'nobody'), said(59, 'nobody'), said(61, 'nobody'), said(62, 'nobody'), said(63, 'Deployment data')]).toEqual([1, 0, 1, 0, 1]);
});

describe('an image that VolSync does not use', () => {
  const waiting = (annotations: Record<string, string> = {}, change: Partial<KubernetesObject> = {}): KubernetesObject =>
    pvc({ ...restoring, ...change }, { [annotation.decision]: 'restore', ...annotations });
  const destination = (status: KubernetesObject['status'], namespace = 'app'): KubernetesObject => ({
    ...made('data-restore-a1b2c3d4', { namespace }),
    ...(status === undefined ? {} : { status }),
  });
  const image = { latestImage: { name: 'image' }, lastSyncTime: ago(90) };

  test('for a minute is asked for, again and again until the PVC is bound', () => {
    expect(unusedImage(waiting(), [destination(image)], now)).toBe('data-restore-a1b2c3d4');
    expect(unusedImage(waiting({ [annotation.repairRequestedAt]: ago(50) }), [destination(image)], now)).toBe('data-restore-a1b2c3d4');
  });

  test.each<[string, KubernetesObject, KubernetesObject[]]>([
    ['one that has just come', waiting(), [destination({ ...image, lastSyncTime: ago(30) })]],
    ['one that is not there yet', waiting(), [destination({ lastSyncTime: ago(90) }), destination(undefined)]],
    ['one that was just asked for', waiting({ [annotation.repairRequestedAt]: ago(30) }), [destination(image)]],
    ['a PVC that is bound', waiting({}, { status: { phase: 'Bound' } }), [destination(image)]],
    ['a PVC that is being deleted', { ...waiting(), metadata: { ...waiting().metadata, deletionTimestamp: ago(5) } }, [destination(image)]],
    ['another namespace’s', waiting(), [destination(image, 'other')]],
    ['one that is not of this PVC', waiting(), [{ ...destination(image), ...made('data-restore-a1b2c3d4', { ownerReferences: [] }) }]],
    ['a PVC that was decided to be fresh', pvc(restoring), [destination(image)]],
  ])('is left alone: %s', (_, object, destinations) => {
    expect(unusedImage(object, destinations, now)).toBeUndefined();
  });
});

describe('before an API server', () => {
  const certificate = selfSigned();
  const patches: string[] = [];
  const lines: string[] = [];
  let failing = false;
  const lists: Record<string, KubernetesObject[]> = {
    '/api/v1/persistentvolumeclaims': [pvc(), { ...pvc(), metadata: { ...pvc().metadata, namespace: 'kube-system' } }],
  };
  const server = https.createServer(certificate, (request, response) => {
    const { method, url = '', headers } = request;
    if (failing || headers.authorization !== 'Bearer a-token') return void response.writeHead(403).end('{"message":"no"}');
    if (method === 'PATCH') {
      patches.push(`${url} ${headers['content-type']}`);
      return void response.end('{}');
    }
    response.end(JSON.stringify({ items: Object.entries(lists).find(([path]) => url.startsWith(path))?.[1] ?? [] }));
  });
  let repair: Repair;

  beforeAll(async () => {
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const accountDir = scratchFolder();
    writeFileSync(join(accountDir, 'token'), 'a-token\n');
    writeFileSync(join(accountDir, 'ca.crt'), certificate.cert);
    const kubernetes = new Kubernetes({ host: '127.0.0.1', port: String((server.address() as AddressInfo).port), accountDir });
    const log = new Log('warn', (text) => void lines.push(...text.trimEnd().split('\n')));
    repair = new Repair({ kubernetes, log, labels: ['hourly'], excludedNamespaces: ['kube-system'], intervalMs: 1 });
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

  test('asks for a PVC that is complete, but does not get the image of its restore', async () => {
    const before = { ...lists };
    const waiting = pvc(restoring, { [annotation.decision]: 'restore' });
    const object = (name: string, status?: KubernetesObject['status']): KubernetesObject => ({
      ...made(name),
      ...(status === undefined ? {} : { status }),
    });
    const volsync = '/apis/volsync.backube/v1alpha1';
    Object.assign(lists, {
      '/api/v1/persistentvolumeclaims': [waiting],
      '/apis/external-secrets.io/v1/externalsecrets': [object('volsync-data')],
      [`${volsync}/replicationsources`]: [object('data-backup')],
      [`${volsync}/kopiamaintenances`]: [object(maintenance)],
      [`${volsync}/replicationdestinations`]: [object('data-restore-a1b2c3d4')],
    });
    patches.length = 0;
    expect(await repair.look()).toBe(0);
    lists[`${volsync}/replicationdestinations`] = [object('data-restore-a1b2c3d4', { latestImage: { name: 'image' }, lastSyncTime: ago(90) })];
    expect(await repair.look()).toBe(1);
    expect(patches).toHaveLength(1);
    Object.assign(lists, before);
  });

  test('says what stands in the place of a resource once, and once more when it comes back; makes nothing for it, and leaves it alone', async () => {
    const before = { ...lists };
    const volsync = '/apis/volsync.backube/v1alpha1';
    const sources = `${volsync}/replicationsources`;
    const nobodys = [made('data-backup', { ownerReferences: [] })];
    Object.assign(lists, {
      '/apis/external-secrets.io/v1/externalsecrets': [made('volsync-data')],
      [`${volsync}/kopiamaintenances`]: [made(maintenance)],
      [sources]: nobodys,
    });
    patches.length = 0;
    const said = async (): Promise<string[]> => {
      lines.length = 0;
      expect(await repair.look()).toBe(0);
      await new Promise(setImmediate);
      return lines.map((line) => {
        const { namespace, pvc: of, resource, owner } = JSON.parse(line) as Record<string, string>;
        return `${namespace}/${of}: ${resource} of ${owner}`;
      });
    };
    expect(await said()).toEqual(['app/data: replicationsources/data-backup of nobody']);
    expect(await said()).toEqual([]);
    lists[sources] = [made('data-backup')];
    expect(await said()).toEqual([]);
    lists[sources] = nobodys;
    expect(await said()).toHaveLength(1);
    expect(patches).toEqual([]);
    Object.assign(lists, before);
    for (const each of Object.keys(lists)) if (!(each in before)) delete lists[each];
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
