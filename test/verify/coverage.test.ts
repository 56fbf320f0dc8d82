import { homelab } from '../../examples/homelab/site';
import { looksLikeBackupLabel } from '../../lib/model/near-miss-label';
import { parseSite } from '../../lib/site/schema';
import { coverage } from '../../verify/coverage';
import type { Data } from '../../verify/tree';

const site = parseSite(homelab);
const look = (...objects: Data[]): ReturnType<typeof coverage> =>
  coverage(
    objects.map((object) => ({ path: 'my-apps/x/x.yaml', object, from: 'notes.ts:7' })),
    site,
  );

const claim = (metadata: Data): Data => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data', namespace: 'x', ...metadata },
});
const statefulSet = (labels: Data, template: Data): Data => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'db', namespace: 'x', labels },
  spec: { template: { metadata: { labels } }, volumeClaimTemplates: [{ metadata: { name: 'data', labels: template } }] },
});
const deployment = (labels: Data): Data => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'x' },
  spec: {
    template: {
      metadata: { labels },
      spec: {
        volumes: [
          { name: 'd', persistentVolumeClaim: { claimName: 'data' } },
          { name: 'e', emptyDir: {} },
        ],
      },
    },
  },
});

test.each(['backups', 'Backup', 'BACKUP', 'back-up', 'back_up', 'bakcup', 'backp', 'baackup', 'backed-up', 'example.com/backup'])(
  '%s is the label misspelt',
  (key) => {
    expect(looksLikeBackupLabel(key)).toBe(true);
  },
);

test.each(['backup', 'app', 'backend', 'pickup', 'lookup', 'back', 'app.kubernetes.io/name', 'velero.io/backup-name', 'backup-policy'])(
  '%s is not',
  (key) => {
    expect(looksLikeBackupLabel(key)).toBe(false);
  },
);

test.each(['backups', 'Backup', 'back-up'])('a PVC with the label %s fails, with object, file and remedy', (key) => {
  expect(look(claim({ labels: { [key]: 'hourly' } })).problems).toEqual([
    `my-apps/x/x.yaml: PersistentVolumeClaim x/data (notes.ts:7): it is NOT backed up: the label "${key}" protects nothing; write the label backup: hourly|daily, or rename the key if it means something else`,
  ]);
});

test('so does one with the annotation in place of the label', () => {
  expect(look(claim({ annotations: { backup: 'daily' } })).problems).toEqual([expect.stringContaining('the annotation "backup" protects nothing')]);
});

test('a label of another program is left alone, unless its value is a tier', () => {
  expect(look(claim({ labels: { 'example.com/backup': 'velero' } })).problems).toEqual([]);
  expect(look(claim({ labels: { 'example.com/backup': 'daily' } })).problems).toHaveLength(1);
});

test('a value that no tier has, and an excluded namespace', () => {
  expect(look(claim({ labels: { backup: 'hourli' } })).problems).toEqual([expect.stringContaining('no tier is called "hourli"')]);
  expect(look(claim({ labels: { backup: true } })).problems).toEqual([expect.stringContaining('no tier is called "true"')]);
  expect(look(claim({ namespace: 'kyverno', labels: { backup: 'hourly' } })).problems).toEqual([
    expect.stringContaining('namespace kyverno is excluded: take it out of excludedNamespaces'),
  ]);
});

test('the label on a StatefulSet in place of its claim template fails', () => {
  expect(look(statefulSet({ backup: 'hourly' }, {})).problems).toEqual([
    'my-apps/x/x.yaml: StatefulSet x/db (notes.ts:7): the label "backup" protects nothing here; write backup: hourly|daily into the metadata of its volumeClaimTemplates',
  ]);
  expect(look(statefulSet({}, { backups: 'hourly' })).problems).toEqual([
    expect.stringContaining('claim template data of StatefulSet x/db (notes.ts:7): it is NOT backed up'),
  ]);
  expect(look(statefulSet({ backup: 'hourly' }, { backup: 'hourly' })).problems).toEqual([]);
});

test('the label on a Deployment fails, unless the volumes that it mounts have it, too', () => {
  expect(look(deployment({ backup: 'hourly' }), claim({})).problems).toEqual([
    expect.stringContaining('write backup: hourly|daily into the PersistentVolumeClaim itself'),
  ]);
  expect(look(deployment({ backups: 'hourly' })).problems).toHaveLength(1);
  expect(look(deployment({ backup: 'hourly' }), claim({ labels: { backup: 'daily' } })).problems).toEqual([]);
});

test('a volume that the site names is backed up without a label, and one with a label of no tier is not', () => {
  const naming = parseSite({ ...homelab, optIn: [{ namespace: 'x', names: ['data*'], tier: 'daily' }] });
  const objects = [claim({}), claim({ name: 'cache' }), statefulSet({}, {}), claim({ labels: { backup: 'velero' } })];
  const { backedUp, unlabelled, problems } = coverage(
    objects.map((object) => ({ path: 'x.yaml', object })),
    naming,
  );
  expect([...backedUp]).toEqual([['daily', 2]]);
  expect(unlabelled).toEqual(['PersistentVolumeClaim x/cache in x.yaml']);
  expect(problems).toEqual([expect.stringContaining('no tier is called "velero"')]);
});

test('what is backed up is counted, and what nobody asked for is named', () => {
  const { backedUp, unlabelled } = look(claim({ labels: { backup: 'daily' } }), claim({ name: 'cache' }), statefulSet({}, { backup: 'daily' }));
  expect([...backedUp]).toEqual([['daily', 2]]);
  expect(unlabelled).toEqual(['PersistentVolumeClaim x/cache (notes.ts:7) in my-apps/x/x.yaml']);
});
