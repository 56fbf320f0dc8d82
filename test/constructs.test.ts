import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { homelab } from '../examples/homelab/site';
import {
  BackedUpVolume,
  BackupAdmissionPolicies,
  BackupAlerts,
  BackupDashboard,
  BackupGate,
  BackupScrapes,
  buildTree,
  PvcPlumber,
  type SiteProps,
  type SiteValues,
} from '../lib';

type Part = new (scope: Construct, id: string, props: SiteProps) => Construct;

const parts: Readonly<Record<string, readonly [Part, string]>> = {
  BackupAdmissionPolicies: [BackupAdmissionPolicies, 'infrastructure/controllers/backstop/'],
  BackupGate: [BackupGate, 'infrastructure/controllers/kyverno/'],
  PvcPlumber: [PvcPlumber, 'infrastructure/controllers/pvc-plumber/'],
  BackupAlerts: [BackupAlerts, 'monitoring/prometheus-stack/volsync-alerts'],
  BackupScrapes: [BackupScrapes, 'monitoring/prometheus-stack/service-monitors'],
  BackupDashboard: [BackupDashboard, 'monitoring/prometheus-stack/dashboard'],
};

/** A chart that has everything which would leak into objects: a namespace, labels, and a stock App around it. */
function stockChart(): Chart {
  return new Chart(new App(), 'mine', { namespace: 'my-namespace', disableResourceNameHashes: true });
}

const identity = ({ kind, metadata }: { kind: string; metadata: { name: string } }): string => `${kind} ${metadata.name}`;

function sorted(objects: readonly object[]): object[] {
  return (objects as Parameters<typeof identity>[0][]).toSorted((a, b) => (identity(a) < identity(b) ? -1 : 1));
}

/** Objects of the tree below a path. */
function ofTree(site: SiteValues, place: string): object[] {
  return [...buildTree(site).render()].filter(([path]) => path.startsWith(place)).flatMap(([, { objects }]) => objects);
}

test.each(Object.entries(parts))('%s, alone in a chart of a stock App, is what the tree has', (_, [Part, place]) => {
  const chart = stockChart();
  new Part(chart, 'part', { site: homelab });
  const objects = chart.toJson() as object[];
  expect(objects.length).toBeGreaterThan(0);
  expect(sorted(objects)).toEqual(sorted(ofTree(homelab, place)));
});

test('all of them stand in one chart, also for another site', () => {
  const site: SiteValues = { ...homelab, tiers: [{ label: 'weekly', schedule: '0 3 * * 0', retention: { weekly: 26 } }], otherPvcPolicies: true };
  const chart = stockChart();
  for (const [id, [Part]] of Object.entries(parts)) new Part(chart, id, { site });
  const places = Object.values(parts).map(([, place]) => place);
  expect(sorted(chart.toJson() as object[])).toEqual(sorted(places.flatMap((place) => ofTree(site, place))));
});

test('every object of the tree about backups is in one of them', () => {
  const places = Object.values(parts).map(([, place]) => place);
  const left = [...buildTree(homelab).render().keys()].filter((path) => !places.some((place) => path.startsWith(place)));
  expect(left.filter((path) => !/^(bootstrap|infrastructure\/(controllers\/(argocd|external-secrets)|namespaces|storage))\//.test(path))).toEqual([]);
});

test('site values that are wrong are refused as in the tree', () => {
  const site = { ...homelab, excludedNamespaces: [] };
  expect(() => new BackupGate(stockChart(), 'gate', { site })).toThrow(/site\.excludedNamespaces: "kyverno" must be in the list: add it/);
});

test('a volume with its label, in a chart of a person’s own', () => {
  const chart = stockChart();
  const volume = new BackedUpVolume(chart, 'data', { name: 'data', namespace: 'photos', size: '10Gi', backup: 'hourly', site: homelab });
  expect([volume.claimName, volume.tier.label.toString()]).toEqual(['data', 'hourly']);
  const inTree = buildTree(homelab, (platform) => void platform.app('photos').volume('data', { size: '10Gi', backup: 'hourly' }));
  expect(chart.toJson()).toEqual(inTree.render().get('my-apps/photos/data-pvc.yaml')!.objects);
  // @ts-expect-error -- there is no such tier
  expect(() => new BackedUpVolume(chart, 'other', { name: 'b', namespace: 'photos', size: '1Gi', backup: 'hourli', site: homelab })).toThrow(
    'no tier is called "hourli"; use one of hourly, daily',
  );
});
