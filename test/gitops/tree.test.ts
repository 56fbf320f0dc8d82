import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, Chart } from 'cdk8s';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { GitOpsTree, Manifest } from '../../lib';
import { toYaml } from '../../lib/gitops/yaml';

const git = { url: 'https://git.example.com/x.git', revision: 'main', path: 'dist' };
const configMap = (scope: Manifest, name: string, namespace: string | undefined = 'x'): ApiObject =>
  new ApiObject(scope, `${String(namespace)}-${name}`, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
  });

let scratch: string;
beforeEach(() => (scratch = mkdtempSync(join(tmpdir(), 'zero-touch-pvc-'))));
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

describe('a tree that is wrong is refused as a whole, with all that is wrong', () => {
  const messages = (build: (tree: GitOpsTree) => void): string => {
    const tree = new GitOpsTree({ git });
    build(tree);
    try {
      tree.render();
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };

  test.each<[string, (tree: GitOpsTree) => void, RegExp]>([
    [
      'an object in two files',
      (tree) => ['a/x.yaml', 'b/x.yaml'].forEach((path) => configMap(new Manifest(tree, path), 'same')),
      /b\/x\.yaml: ConfigMap x\/same is also in a\/x\.yaml/,
    ],
    [
      'paths that differ only in case',
      (tree) => ['a/x.yaml', 'a/X.yaml'].forEach((path) => configMap(new Manifest(tree, path), path === 'a/x.yaml' ? 'a' : 'b')),
      /two manifests have this path/,
    ],
    ['an empty file', (tree) => new Manifest(tree, 'a/x.yaml'), /a\/x\.yaml: the file would hold no object/],
    ['an absolute path', (tree) => configMap(new Manifest(tree, '/etc/x.yaml'), 'a'), /path "\/etc\/x\.yaml" must be relative/],
    ['a path that climbs out', (tree) => configMap(new Manifest(tree, 'a/../../x.yaml'), 'a'), /path "a\/\.\.\/\.\.\/x\.yaml" must be relative/],
    ['a path into .git', (tree) => configMap(new Manifest(tree, '.git/x.yaml'), 'a'), /path "\.git\/x\.yaml" must be relative.*no \.git/],
    ['another ending', (tree) => configMap(new Manifest(tree, 'a/x.yml'), 'a'), /must end with \.yaml: Argo CD reads only these/],
    [
      'a namespace on a cluster-scoped object',
      (tree) =>
        new ApiObject(new Manifest(tree, 'a/x.yaml'), 'r', {
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'ClusterRole',
          metadata: { name: 'r', namespace: 'x' },
        }),
      /ClusterRole r is cluster-scoped, but has a namespace: remove it/,
    ],
    ['a plain Chart', (tree) => new Chart(tree, 'plain'), /plain: a plain Chart has no path in the tree/],
  ])('%s', (_, build, message) => {
    expect(messages(build)).toMatch(message);
  });

  test('no namespace at all', () => {
    expect(
      messages((tree) => new ApiObject(new Manifest(tree, 'a/x.yaml'), 'a', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } })),
    ).toContain('ConfigMap a has no metadata.namespace: give it one');
  });

  test('a generated name', () => {
    expect(() => new ApiObject(new Manifest(new GitOpsTree({ git }), 'a/x.yaml'), 'nameless', { apiVersion: 'v1', kind: 'ConfigMap' })).toThrow(
      'a/x.yaml: ConfigMap "nameless" has no metadata.name',
    );
  });

  test('everything is listed', () => {
    const text = messages((tree) => {
      new Manifest(tree, 'a/x.yaml');
      new Manifest(tree, 'b.yml');
    });
    expect(text).toContain('a/x.yaml: the file would hold no object');
    expect(text).toContain('path "b.yml" must end with .yaml');
  });

  test('and nothing is written', () => {
    const tree = new GitOpsTree({ git, outdir: join(scratch, 'out') });
    new Manifest(tree, 'a/x.yaml');
    expect(() => tree.synth()).toThrow('not written');
    expect(existsSync(join(scratch, 'out'))).toBe(false);
  });
});

describe('YAML', () => {
  test('strings that some parser takes for something else are quoted', () => {
    const nasty = [
      '0o644',
      '0O7',
      '0X1F',
      '0B1',
      '-0o7',
      '+0x1',
      '0644',
      '1_000',
      '1:30',
      '12e3',
      'yes',
      'No',
      'on',
      'OFF',
      'y',
      'n',
      'null',
      '~',
      '',
      ' x',
      'x ',
      '2026-01-01',
      '.inf',
      '=',
      '<<',
      '- a',
      '{a}',
      '#x',
      'a: b',
      'a #b',
      '@x',
      '`x`',
      '!x',
      '&x',
      '*x',
      '%x',
      '|',
      '>',
      '"',
      "'",
      'a\nb',
      'a\tb',
      '1.0',
      '1e3',
      'true',
    ];
    for (const value of nasty) {
      const line = toYaml([{ value }]);
      expect(load(line)).toEqual({ value });
      if (!value.includes('\n')) expect(line).toMatch(/^value: ['"]/);
    }
  });

  test('the name of a rule comes first, and keys are in one order whatever order they were given in', () => {
    const rule = { match: {}, name: 'ask', context: [] };
    expect(toYaml([rule])).toMatch(/^name: ask\ncontext: /);
    expect(toYaml([Object.fromEntries(Object.entries(rule).toReversed())])).toBe(toYaml([rule]));
  });

  test('a long expression is written over several lines, and stays what it was', () => {
    const value = Array.from({ length: 40 }, (_, i) => `request.object.metadata.name == 'x  y ${i}'`).join(' || ');
    expect(toYaml([{ value }]).split('\n').length).toBeGreaterThan(10);
    expect(load(toYaml([{ value }]))).toEqual({ value });
  });

  test('long strings survive, with any spaces and line breaks in them', () => {
    const word = fc.oneof(fc.constantFrom(' ', '  ', '\n', '\n\n', ': ', ' #', '\t', "'", '"', '- '), fc.string());
    fc.assert(
      fc.property(fc.array(word, { minLength: 30, maxLength: 120 }), (words) =>
        expect(load(toYaml([{ value: words.join('') }]))).toEqual({ value: words.join('') }),
      ),
    );
  });

  test('any string survives', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string({ minLength: 1 }).filter((key) => key !== '__proto__'),
          fc.string({ unit: 'grapheme' }),
        ),
        (object) => expect(load(toYaml([object]))).toEqual(object),
      ),
    );
  });
});
