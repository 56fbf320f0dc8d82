import { diffLinesUnified } from 'jest-diff';
import { buildTree, type SiteValues } from '../lib';
import { repositorySite } from './support/sites';

const site = repositorySite();
/** Without the dashboard: its queries are those of the alerts, many times over. */
const texts = (values: SiteValues): Map<string, string> =>
  new Map([...buildTree(values).render()].filter(([path]) => !path.endsWith('/dashboard.yaml')).map(([path, { text }]) => [path, text]));
const before = texts(site);

/** What a change of the site changes in the tree, as a diff with one line of context; the text of the bundle is left out. */
function changes(values: SiteValues): string {
  const after = texts(values);
  const lines = (text: string | undefined): string[] => (text ?? '').replace(/(pvc-plumber\.js: ).*?(?=\nimmutable)/s, '$1...').split('\n');
  const plain = (line: string): string => line;
  return [...new Set([...before.keys(), ...after.keys()])]
    .toSorted()
    .filter((path) => before.get(path) !== after.get(path))
    .map((path) => {
      const diff = diffLinesUnified(lines(before.get(path)), lines(after.get(path)), {
        contextLines: 1,
        expand: false,
        omitAnnotationLines: true,
        aColor: plain,
        bColor: plain,
        changeColor: plain,
        commonColor: plain,
        patchColor: plain,
      });
      return `=== ${path}\n${eachHunkOnce(diff)}`;
    })
    .join('\n');
}

/** Hunks without their line numbers, equal ones once: the same change in every rule of a policy is one thing to review. */
function eachHunkOnce(diff: string): string {
  const hunks = diff
    .split(/^@@.*@@$\n?/m)
    .map((hunk) => hunk.trimEnd())
    .filter((hunk) => hunk !== '');
  return [...new Set(hunks)]
    .map((hunk) => {
      const times = hunks.filter((other) => other === hunk).length;
      return `@@${times === 1 ? '' : ` ${times} times`}\n${hunk}`;
    })
    .join('\n');
}

describe('what another site changes, and nothing else', () => {
  test('a third tier', () => {
    const diff = changes({
      ...site,
      tiers: [...site.tiers, { label: 'weekly', schedule: '30 3 * * 0', retention: { weekly: 8, monthly: 12, yearly: 2 } }],
    });
    expect(diff).toContain('replication-source-weekly');
    expect(diff).toMatchSnapshot();
  });

  test('spread schedules', () => {
    const diff = changes({ ...site, spreadSchedules: true });
    expect(diff).toMatch(/\+ +schedule: '\{\{ to_string\(modulo\(.*\}\} 2 \* \* \*'/);
    expect(diff).toMatchSnapshot();
  });

  test('a store with TLS, an identity and another region', () => {
    const diff = changes({
      ...site,
      s3: { endpoint: 'https://s3.eu-central-1.example.com', bucket: 'backups', region: 'eu-central-1', storeId: '5f1d7c' },
    });
    expect(diff).toContain("KOPIA_S3_DISABLE_TLS: 'false'");
    expect(diff).toMatchSnapshot();
  });

  test('an image for pvc-plumber, three replicas, no warm-up', () => {
    const diff = changes({ ...site, plumber: { image: 'registry.example.com/pvc-plumber:1.0.0', replicas: 3, warmUp: false } });
    expect(diff).toContain('+           image: registry.example.com/pvc-plumber:1.0.0');
    expect(diff).toMatchSnapshot();
  });

  test('other excluded namespaces', () => {
    const diff = changes({ ...site, excludedNamespaces: [...site.excludedNamespaces, 'scratch'] });
    expect(diff).toMatch(/\+ .*'kyverno''?, ''?scratch''?\]/);
    expect(diff).toMatchSnapshot();
  });

  test('a cluster with its own Prometheus, no right to Secrets, and one user for all files', () => {
    const diff = changes({
      ...site,
      monitoring: { prometheusStack: false },
      kyvernoSecretAccess: false,
      mover: { ...site.mover, keepOwners: false },
    });
    expect(diff).toContain('-       - secrets');
    expect(diff).toContain(`|| ''fixed'' }}'`);
    expect(diff).toMatchSnapshot();
  });

  test('another repository, vault, mover and chart version', () => {
    const diff = changes({
      ...site,
      git: { url: 'git@git.example.com:me/home.git', revision: 'prod', path: '' },
      onepassword: { ...site.onepassword, vault: 'work', item: 'minio', store: 'op' },
      mover: { runAsUser: 0, runAsGroup: 0, fsGroup: 0 },
      volsync: { chartRepository: 'https://charts.example.com', image: `registry.example.com/volsync@sha256:${'a'.repeat(64)}` },
      versions: { kyverno: '3.8.2' },
    });
    expect(diff).toContain('+       targetRevision: 3.8.2');
    expect(diff).toContain('|| `0`');
    expect(diff).toContain('+             image: registry.example.com/volsync@sha256:aaaa');
    expect(diff).toContain('repoURL: https://charts.example.com');
  });
});
