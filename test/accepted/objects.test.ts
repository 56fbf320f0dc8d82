import { ApiObject } from 'cdk8s';
import { Manifest, type Platform } from '../../lib';
import { objectRows } from './objects';
import { type Data, saidBySynth, saidOfAll } from './support';
import decisions from './fixtures/objects.json';

const clusterSays = decisions as Readonly<Record<string, string | undefined>>;

describe("objects of a user's own", () => {
  test('have a decision of the API server each', () => {
    expect(Object.keys(clusterSays).toSorted()).toEqual(objectRows.map(({ name }) => name).toSorted());
    expect(objectRows.length).toBeGreaterThan(150);
  });

  /** The API server takes them; what is wrong with them only synth can know, or a person means something else by them. */
  const stricter = ['size " 1Gi"', 'size "1Gi "', 'volume of a Pod with the label'];

  const verdictsOfSynth = saidOfAll(objectRows.map(({ object }) => object));

  test.each(objectRows.map((row, index) => ({ ...row, lines: verdictsOfSynth[index]! })))('$name', ({ name, lines, refused }) => {
    if (refused === undefined) {
      expect([lines, clusterSays[name]]).toEqual([[], 'accepted']);
    } else {
      expect(lines).toEqual([expect.stringMatching(/^(PersistentVolumeClaim|StatefulSet|Deployment) app-\d+\//)]);
      expect(lines[0]).toMatch(refused);
      if (stricter.includes(name)) expect(clusterSays[name]).toBe('accepted');
      else expect(clusterSays[name]).toMatch(/^(refused|warned)$/);
    }
  });

  test('in an excluded namespace are refused, and so is what their project does not permit', () => {
    const claim = {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data', namespace: 'scratch', labels: { backup: 'daily' } },
      spec: spec('1Gi'),
    };
    const said = saidBySynth(
      ({ excludedNamespaces }) => excludedNamespaces.push('scratch'),
      (platform) => new ApiObject(platform.app('notes').file('own.yaml'), 'own', claim),
    );
    expect(said).toMatch(
      /own\.yaml: PersistentVolumeClaim scratch\/data: the namespace scratch is excluded from backups: remove the label backup, or take the namespace out of excludedNamespaces/,
    );
    expect(said).toMatch(/own\.yaml: PersistentVolumeClaim data: project my-apps does not permit the namespace scratch: choose another one/);
  });

  test('that come from platform.app are refused for the same reasons', () => {
    const volume = (props: Data) => (platform: Platform) =>
      platform.app('notes').volume('data', { size: '1Gi', backup: 'hourly', ...props } as never);
    const none = (): void => undefined;
    expect(saidBySynth(none, volume({}))).toBeUndefined();
    expect(saidBySynth(none, volume({ size: '10GB' }))).toMatch(/volume notes\/data: "10GB" is not a size for Kubernetes/);
    expect(saidBySynth(none, volume({ storageClass: 'No Such' }))).toMatch(/"No Such" is not a valid StorageClass name/);
    expect(saidBySynth(none, volume({ accessMode: 'ReadWriteSometimes' }))).toMatch(/the access mode "ReadWriteSometimes" is not one of/);
    for (const id of [-1, 1e10, 2_147_483_648, 1.5, Number.NaN, 'root', null]) {
      expect(saidBySynth(none, volume({ mover: { runAsUser: id } }))).toMatch(
        /the annotation volsync\.backup\/run-as-user=".*" is not an id: write a number from 0/,
      );
    }
    expect(saidBySynth(none, volume({ mover: null }))).toBeUndefined();
    expect(
      saidBySynth(none, volume({ mover: { runAsUser: undefined, fsGroup: 1000 }, storageClass: undefined, accessMode: undefined })),
    ).toBeUndefined();
  });
});

function spec(storage: string): Data {
  return { accessModes: ['ReadWriteOnce'], resources: { requests: { storage } } };
}

describe('Applications', () => {
  const chart = { repo: 'https://charts.example.com', chart: 'x', version: '1.0.0', releaseName: 'x', values: {} };
  const application = (props: Data) => (platform: Platform) => void platform.application({ name: 'x', wave: 3, namespace: 'x', chart, ...props });
  const inApp = (object: Data) => (platform: Platform) => void new ApiObject(platform.app('notes').file('own.yaml'), 'own', object);
  const inFolder = (props: Data, object: Data) => (platform: Platform) => {
    const owner = platform.application({ name: 'x', wave: 3, namespace: 'x', directory: 'infrastructure/x', ...props });
    new ApiObject(new Manifest(owner, 'infrastructure/x/own.yaml'), 'own', object);
  };
  const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'reader' }, rules: [] };
  const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'notes' }, data: {} };
  const raw = (specOf: Data) => (platform: Platform) =>
    void new ApiObject(new Manifest(platform, 'infrastructure/controllers/argocd/apps/own.yaml'), 'own', {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name: 'own', namespace: 'argocd' },
      spec: specOf,
    });

  test.each<[string, (platform: Platform) => void, RegExp | undefined]>([
    ['of project infrastructure', application({}), undefined],
    ['of project monitoring', application({ project: 'monitoring' }), undefined],
    ['of the project that Argo CD makes', application({ project: 'default' }), undefined],
    [
      'of a project that does not exist',
      application({ project: 'nope' }),
      /apps\/x-app\.yaml: Application x: there is no project "nope": use one of infrastructure, monitoring, my-apps$/,
    ],
    [
      'of a project that does not permit the chart',
      application({ project: 'my-apps' }),
      /Application x: project my-apps does not permit the repository https:\/\/charts\.example\.com: use the project/,
    ],
    [
      'of a project that does not permit the namespace',
      application({ project: 'my-apps', namespace: 'kyverno', chart: undefined, directory: 'infrastructure/x' }),
      /project my-apps does not permit the namespace kyverno/,
    ],
    [
      'with a password in the repository',
      application({ chart: { ...chart, repo: 'https://me:hunter2@charts.example.com' } }),
      /Application x: the URL holds a credential, which would be committed/,
    ],
    [
      'with a token in the repository',
      application({ chart: { ...chart, repo: 'https://charts.example.com/?token=hunter2' } }),
      /the URL holds a credential/,
    ],
    ['with a registry', application({ chart: { ...chart, repo: 'ghcr.io/me/charts' } }), undefined],
    ['with a ClusterRole in its folder', inFolder({}, role), undefined],
    [
      'of my-apps with a ClusterRole in its folder',
      inFolder({ project: 'my-apps', namespace: 'notes' }, role),
      /infrastructure\/x\/own\.yaml: ClusterRole reader: project my-apps does not permit this kind: move it/,
    ],
    [
      'made for a folder of my-apps, with a ClusterRole',
      inApp(role),
      /my-apps\/notes\/own\.yaml: ClusterRole reader: project my-apps does not permit this kind/,
    ],
    [
      'made for a folder of my-apps, with a PersistentVolume',
      inApp({ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'pv' }, spec: {} }),
      /PersistentVolume pv: project my-apps does not permit this kind/,
    ],
    ['made for a folder of my-apps, with a ConfigMap', inApp(config), undefined],
    [
      'made for a folder of my-apps, with an object of an unknown kind',
      inApp({ apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 't', namespace: 'notes' } }),
      undefined,
    ],
    [
      'made for a folder of my-apps, in a namespace of the platform',
      inApp({ ...config, metadata: { name: 'c', namespace: 'kyverno' } }),
      /ConfigMap c: project my-apps does not permit the namespace kyverno: choose another one, or another project/,
    ],
    [
      'written by hand, of a project that does not exist',
      raw({ project: 'nope', destination: {}, source: { repoURL: 'https://github.com/example/cluster.git', path: 'x' } }),
      /Application own: there is no project "nope"/,
    ],
    ['written by hand, with nothing in it', raw(null), undefined],
    ['written by hand, with a list in place of a text', raw({ project: ['infrastructure'], sources: 'x', destination: [] }), undefined],
  ])('%s', (_, extend, refused) => {
    const said = saidBySynth(() => undefined, extend);
    if (refused === undefined) expect(said).toBeUndefined();
    else {
      expect(said?.split('\n').slice(1)).toEqual([expect.stringMatching(refused)]);
      expect(said).not.toContain('hunter2');
    }
  });

  test('are found in a tree at the root of its repository, too', () => {
    expect(saidBySynth(({ git }) => (git.path = ''), inApp(role))).toMatch(/ClusterRole reader: project my-apps does not permit this kind/);
  });
});
