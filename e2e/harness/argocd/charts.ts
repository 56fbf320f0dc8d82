import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { charts, crdSources, type ChartName } from '../../../versions';
import type { KubeObject } from '../api';
import { documents, repository } from '../tree';
import { crdCache } from '../cluster';
import type { PackedChart } from './web';

/** What the pinned charts render, and their values, lie here; nothing of it is in the repository. */
export const chartsFolder = process.env['CHARTS_FROM'] ?? join(repository, '..', 'shared', 'charts');
const target = join(repository, '.cache', 'argocd-charts');
const kyvernoModule = join(repository, 'e2e', 'tools', 'kyverno');

/** A chart in the making: its files, by path. */
type Files = Readonly<Record<string, string>>;

/** Says why the charts can't be made, or undefined. */
export function chartsProblem(): string | undefined {
  const missing = ['external-secrets', 'volsync', 'snapshot-controller'].filter((name) => !existsSync(join(chartsFolder, name, 'rendered.yaml')));
  return missing.length === 0 ? undefined : `${chartsFolder} has no rendered.yaml of ${missing.join(', ')} (CHARTS_FROM)`;
}

/**
 * Stand-ins for the charts that the tree names, with the same names and versions. Kyverno's is its own, with all templates. Of the others there is what they
 * render with the tree's values, or, where that is not at hand, the few objects that matter here.
 *
 * To be called where there is a network: Kyverno's modules may have to be fetched.
 */
export function packCharts(): PackedChart[] {
  rmSync(target, { recursive: true, force: true });
  const makers: Readonly<Record<ChartName, (folder: string) => void>> = {
    // A value of the scenarios reaches its Pods, and its Service, which the API server may refuse.
    onepasswordConnect: filled(() => ({
      'templates/objects.yaml': [deployment('onepassword-connect', '1passwordconnect', { trial: '{{ .Values.trial }}' }), trialService]
        .map(yaml)
        .join('---\n'),
      'values.yaml': yaml({ trial: 'none' }),
    })),
    // Its webhooks have no server here, and would refuse every ExternalSecret.
    externalSecrets: filled(() => plain([...rendered('external-secrets'), ...crds('external-secrets')].filter(({ kind }) => !/Webhook/.test(kind)))),
    longhorn: filled(longhorn),
    snapshotController: filled(() => plain([...rendered('snapshot-controller'), ...crds('external-snapshotter')])),
    volsync: filled(() => plain([...rendered('volsync'), ...crds('volsync')])),
    kyverno,
    prometheusStack: filled(() => ({
      // Helm installs what lies in this folder before everything else, and never removes it.
      ...Object.fromEntries(crds('prometheus-operator').map((crd) => [`crds/${crd.metadata.name}.yaml`, yaml(crd)])),
      'templates/objects.yaml': yaml(deployment('kube-prometheus-stack-operator', 'prometheus-stack')),
    })),
  };
  return (Object.keys(charts) as ChartName[]).map((key) => {
    const { chart: name, version } = charts[key];
    const folder = join(target, name);
    mkdirSync(folder, { recursive: true });
    makers[key](folder);
    const chart = join(folder, 'Chart.yaml');
    const text = existsSync(chart) ? readFileSync(chart, 'utf8') : yaml({ apiVersion: 'v2', name, version });
    writeFileSync(chart, text.replace(/^version: .*/m, `version: ${version}`));
    const file = join(target, `${name}-${version}.tgz`);
    execFileSync('tar', ['-czf', file, '-C', target, name]);
    return { name, version, file };
  });
}

/** What {@link packCharts} made. */
export function packedCharts(): PackedChart[] {
  return Object.values(charts).map(({ chart: name, version }) => ({ name, version, file: join(target, `${name}-${version}.tgz`) }));
}

function filled(files: () => Files): (folder: string) => void {
  return (folder) => {
    for (const [path, text] of Object.entries(files())) {
      mkdirSync(join(folder, path, '..'), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  };
}

/** Objects as they are: Helm does not look into what a template reads from a file. */
function plain(objects: readonly KubeObject[]): Files {
  return { 'objects.yaml': objects.map(yaml).join('---\n'), 'templates/objects.yaml': '{{ .Files.Get "objects.yaml" }}\n' };
}

function rendered(name: string): KubeObject[] {
  return documents(join(chartsFolder, name, 'rendered.yaml'));
}

function crds(folder: string): KubeObject[] {
  const sources = crdSources.filter((source) => source.folder === folder);
  return sources.flatMap(({ files, forClusters = [] }) => [...files, ...forClusters].flatMap((file) => documents(join(crdCache, folder, file))));
}

/** Kyverno's own chart and the subchart of its newer CRDs out of their Go modules; those that are off are empty. */
function kyverno(folder: string): void {
  const [chart, api] = ['github.com/kyverno/kyverno', 'github.com/kyverno/api'].map((module) =>
    execFileSync('go', ['list', '-m', '-f', '{{.Dir}}', module], {
      cwd: kyvernoModule,
      encoding: 'utf8',
      env: { ...process.env, GOWORK: 'off', GOFLAGS: '-mod=mod' },
    }).trim(),
  ) as [string, string];
  cpSync(join(chart, 'charts', 'kyverno'), folder, { recursive: true });
  execFileSync('chmod', ['-R', 'u+w', folder]);
  const wanted = new Map(
    [...readFileSync(join(folder, 'Chart.yaml'), 'utf8').matchAll(/- name: (\S+)\n\s+version: (\S+)/g)].map(([, name, version]) => [name, version]),
  );
  for (const [name, version] of wanted) {
    const inner = join(folder, 'charts', name ?? '');
    if (existsSync(inner)) continue;
    if (name === 'kyverno-api') {
      cpSync(join(api, 'charts', 'kyverno-api'), inner, { recursive: true });
      execFileSync('chmod', ['-R', 'u+w', inner]);
      const file = join(inner, 'Chart.yaml');
      writeFileSync(file, readFileSync(file, 'utf8').replace(/^version: .*/m, `version: ${version}`));
    } else {
      mkdirSync(inner, { recursive: true });
      writeFileSync(join(inner, 'Chart.yaml'), yaml({ apiVersion: 'v2', name, version }));
    }
  }
  if (readdirSync(join(folder, 'charts')).length < wanted.size) throw new Error('a subchart of Kyverno is missing');
}

/** A StorageClass, something that runs, and the hooks of the real chart: one that uninstalls, and one after an upgrade. */
function longhorn(): Files {
  const metadata = (name: string, hook: string): object => ({ name, namespace: 'longhorn-system', annotations: { 'helm.sh/hook': hook } });
  const job = (name: string, hook: string): object => ({
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: metadata(name, hook),
    spec: { backoffLimit: 1, template: { spec: { restartPolicy: 'Never', containers: [{ name, image: 'longhornio/longhorn-manager' }] } } },
  });
  return plain([
    {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'longhorn' },
      provisioner: 'driver.longhorn.io',
      allowVolumeExpansion: true,
    },
    deployment('longhorn-driver-deployer', 'longhorn-system'),
    job('longhorn-uninstall', 'pre-delete'),
    job('longhorn-post-upgrade', 'post-upgrade'),
  ] as KubeObject[]);
}

const trialService = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'onepassword-connect', namespace: '1passwordconnect' },
  spec: {
    selector: { app: 'onepassword-connect' },
    ports: [{ name: 'http', port: 8080 }],
    sessionAffinity: '{{ if eq .Values.trial "refused" }}Refused{{ else }}None{{ end }}',
  },
};

function deployment(name: string, namespace: string, annotations: Readonly<Record<string, string>> = {}): KubeObject {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels, annotations }, spec: { containers: [{ name, image: name }] } } },
  };
}

const yaml = (object: object): string => dump(object);
