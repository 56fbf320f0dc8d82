import { diffLinesUnified } from 'jest-diff';
import { buildTree, type SiteValues } from '../lib';
import { homelab } from '../examples/homelab/site';
import { variants, type Variant } from './support/variants';

const site: SiteValues = homelab;
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

/** The change that one variant makes. */
/** Names that hold a hash of pvc-plumber's bundle or of a rule stand without it: the difference is about the site. */
const changesOf = (name: keyof typeof variants): string =>
  changes((variants[name] as Variant).values).replaceAll(/(pvc-plumber|volsync-pvc-backup-\w+)-[0-9a-f]{8,10}\b/g, '$1-<hash>');

describe('what another site changes, and nothing else', () => {
  test('a third tier', () => {
    const diff = changesOf('a third tier');
    expect(diff).toContain('replication-source-weekly');
    expect(diff).toMatchSnapshot();
  });

  test('spread schedules', () => {
    const diff = changesOf('spread schedules');
    expect(diff).toMatch(/\+ +schedule: >-\n\+ +\{\{ to_string\(modulo\([^;]*?\}\} 2 \* \* \*/);
    expect(diff).toMatchSnapshot();
  });

  test('a store with TLS, an identity and another region', () => {
    const diff = changesOf('a store with TLS, an identity and another region');
    expect(diff).toContain("KOPIA_S3_DISABLE_TLS: 'false'");
    expect(diff).toMatchSnapshot();
  });

  test('an image for pvc-plumber, three replicas, no warm-up', () => {
    const diff = changesOf('an image for pvc-plumber, three replicas, no warm-up');
    expect(diff).toContain('+           image: registry.example.com/pvc-plumber:1.0.0');
    expect(diff).toMatchSnapshot();
  });

  test('PVCs that are named in place of a label', () => {
    const diff = changesOf('PVCs that are named in place of a label');
    expect(diff).toContain('+     - name: opt-in-daily');
    expect(diff).toContain('+   name: volsync-pvc-backup-opt-in');
    expect(diff).toMatchSnapshot();
  });

  test('other excluded namespaces', () => {
    const diff = changesOf('other excluded namespaces');
    expect(diff).toMatch(/\+ .*'kyverno''?, ''?scratch''?\]/);
    expect(diff).toMatchSnapshot();
  });

  test('a cluster with its own Prometheus, no right to Secrets, and one user for all files', () => {
    const diff = changesOf('a cluster with its own Prometheus, no right to Secrets, and one user for all files');
    expect(diff).toContain('-       - secrets');
    expect(diff).toContain(`|| 'fixed' }}`);
    expect(diff).toMatchSnapshot();
  });

  test('another repository, vault, mover and chart version', () => {
    const diff = changesOf('another repository, vault, mover and chart version');
    expect(diff).toContain('+       targetRevision: 3.8.2');
    expect(diff).toContain('|| `0`');
    expect(diff).toContain('+             image: registry.example.com/volsync@sha256:aaaa');
    expect(diff).toContain('repoURL: https://charts.example.com');
  });
});
