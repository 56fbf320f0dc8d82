import { buildTree, type Platform, type SiteValues, Size } from '../lib';
import type { AppVolumeProps } from '../lib';
import { homelab } from '../examples/homelab/site';
import type { Data } from '../verify/tree';

const site: SiteValues = homelab;
const volumeOf = (build: (platform: Platform) => void, path: string): Data =>
  buildTree(site as SiteValues, build as never)
    .render()
    .get(path)!.objects[0];

describe('an app with a backed-up volume', () => {
  test('with nothing but size and tier', () => {
    const claim = volumeOf(
      (platform) => platform.app('karakeep').volume('data', { size: '10Gi', backup: 'hourly' }),
      'my-apps/karakeep/data-pvc.yaml',
    );
    expect(claim).toEqual({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {
        name: 'data',
        namespace: 'karakeep',
        labels: {
          'app.kubernetes.io/name': 'karakeep',
          'app.kubernetes.io/part-of': 'zero-touch-pvc',
          'app.kubernetes.io/managed-by': 'cdk8s',
          backup: 'hourly',
        },
        annotations: { 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false' },
      },
      spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'longhorn', resources: { requests: { storage: '10Gi' } } },
    });
  });

  test('it says what it resolved, so that an app can ask', () => {
    let found: object = {};
    volumeOf((platform) => {
      const { claim, claimName, namespace, size, tier, storageClass, accessMode } = platform
        .app('photos')
        .volume('data', { size: Size.of('5Gi'), backup: 'daily' });
      const { label, schedule, retention } = tier;
      found = {
        kind: claim.kind,
        claimName,
        namespace,
        size: `${size}`,
        label: `${label}`,
        schedule: `${schedule}`,
        retention,
        storageClass,
        accessMode,
      };
    }, 'my-apps/photos/data-pvc.yaml');
    expect(found).toEqual({
      kind: 'PersistentVolumeClaim',
      claimName: 'data',
      namespace: 'photos',
      size: '5Gi',
      label: 'daily',
      schedule: '0 2 * * *',
      retention: { hourly: 24, daily: 7, weekly: 4, monthly: 2, yearly: 0, latest: 0 },
      storageClass: 'longhorn',
      accessMode: 'ReadWriteOnce',
    });
  });

  test('with everything', () => {
    const props: Required<AppVolumeProps<'hourly' | 'daily'>> = {
      size: '1Ti',
      backup: 'daily',
      accessMode: 'ReadWriteMany',
      storageClass: 'fast',
      mover: { runAsUser: 1000, runAsGroup: 1001, fsGroup: 1002 },
    };
    const claim = volumeOf((platform) => platform.app('media').volume('library', props), 'my-apps/media/library-pvc.yaml');
    expect(claim.metadata.annotations).toEqual({
      'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
      'volsync.backup/run-as-user': '1000',
      'volsync.backup/run-as-group': '1001',
      'volsync.backup/fs-group': '1002',
    });
    expect(claim.metadata.labels.backup).toBe('daily');
    expect(claim.spec).toEqual({ accessModes: ['ReadWriteMany'], storageClassName: 'fast', resources: { requests: { storage: '1Ti' } } });
  });

  test('trap 37: a label that no tier knows does not compile, and is refused at run time', () => {
    expect(() =>
      buildTree(site as SiteValues & { tiers: readonly [{ label: 'hourly'; schedule: string; retention: object }] }, (platform) => {
        // @ts-expect-error -- "Hourly" is none of the site's labels
        platform.app('x').volume('data', { size: '1Gi', backup: 'Hourly' });
      }),
    ).toThrow('volume x/data: no tier is called "Hourly"; use one of hourly, daily, or add it to site.tiers');
  });

  test.each<[string, (platform: Platform) => void, string]>([
    [
      'a name too long to restore',
      (platform) => platform.app('x').volume('d'.repeat(64), { size: '1Gi', backup: 'hourly' }),
      `volume x/${'d'.repeat(64)}: "${'d'.repeat(64)}" is not a name for a PVC that can be restored: use 1 to 63`,
    ],
    [
      'a namespace without backups',
      (platform) => platform.app('kyverno').volume('data', { size: '1Gi', backup: 'hourly' }),
      'the namespace kyverno is excluded from backups',
    ],
    [
      'a size without a unit',
      (platform) => platform.app('x').volume('data', { size: '10', backup: 'hourly' }),
      'volume x/data: "10" has no unit of a size: write a number with Ki, Mi, Gi or Ti, for example 10Gi',
    ],
    [
      'a size that is none',
      (platform) => platform.app('x').volume('data', { size: 'ten gigs', backup: 'hourly' }),
      'volume x/data: "ten gigs" is not a size for Kubernetes',
    ],
    [
      'an app name that is not a namespace',
      (platform) => platform.app('My_App'),
      'app "My_App": "My_App" is not a name for a namespace: use 1 to 63 lower-case letters, digits and dashes',
    ],
    ['an app twice', (platform) => [platform.app('x'), platform.app('x')], 'two apps (platform.app) are named "x": give one of them another name'],
    [
      'alerts with one name',
      (platform) => platform.alerts('mine', [{ name: 'g', alerts: [alert, alert] }]),
      'mine: two alerts are called "Mine"; rename one',
    ],
    [
      'an Application without anything',
      (platform) => platform.application({ name: 'x', wave: 3, namespace: 'x' }),
      'Application x has neither chart nor directory',
    ],
  ])('refused: %s', (_, build, message) => {
    expect(() => buildTree(site, build as never)).toThrow(message);
  });

  test('a file that no Application reads is refused, and so is one that two read', () => {
    const place = (directory: string) => (platform: Platform) => platform.application({ name: 'x', wave: 3, namespace: 'kyverno', directory });
    expect(() => buildTree(site, place('infrastructure/storage') as never).render()).toThrow(
      /volume-snapshot-class\.yaml: lies in the folders infrastructure\/storage and infrastructure\/storage\/volsync|infrastructure\/storage\/volsync and infrastructure\/storage/,
    );
  });

  test('a further Application brings its repository into the project, and its namespace', () => {
    const files = buildTree(site, (platform) => {
      platform.application(
        {
          name: 'cert-manager',
          wave: 1,
          namespace: 'cert-manager',
          chart: { repo: 'https://charts.jetstack.io', chart: 'cert-manager', version: '1.20.2', releaseName: 'cert-manager', values: {} },
        },
        'baseline',
      );
    }).render();
    expect((files.get('infrastructure/controllers/argocd/infrastructure-project.yaml')!.objects[0] as Data).spec.sourceRepos).toContain(
      'https://charts.jetstack.io',
    );
    expect(files.get('infrastructure/namespaces/namespaces.yaml')!.objects.map(({ metadata }) => metadata.name)).toContain('cert-manager');
  });
});

const alert = { name: 'Mine', severity: 'warning', expr: 'up == 0', for: '5m', summary: 's', description: 'd' } as const;

test('code that knows two tiers takes a platform that has a third', () => {
  const ofTwo = (platform: Platform<'hourly' | 'daily'>): unknown => platform.app('x').volume('data', { size: '1Gi', backup: 'hourly' });
  const ofThree: (platform: Platform<'hourly' | 'daily' | 'weekly'>) => unknown = ofTwo;
  const ofAny: (platform: Platform<'hourly' | 'daily' | 'weekly'>) => unknown = (platform: Platform) => platform.app('y');
  expect([ofThree, ofAny]).toHaveLength(2);
});
