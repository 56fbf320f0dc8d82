import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, Chart } from 'cdk8s';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { GitOpsTree, Manifest } from '../../lib';
import { writeTree } from '../../lib/gitops/disk';
import { header } from '../../lib/gitops/tree';
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

describe('writing', () => {
  const text = (body: string): string => `${header}\n${body}\n`;
  const out = (): string => join(scratch, 'out');
  const write = (files: Record<string, string>): ReturnType<typeof writeTree> => writeTree(out(), new Map(Object.entries(files)), header);
  const read = (path: string): string => readFileSync(join(out(), path), 'utf8');

  test('writes what differs, removes the rest with its folders, leaves equal files alone', () => {
    write({ 'a/b/old.yaml': text('1'), 'a/same.yaml': text('2'), 'c.yaml': text('3') });
    expect(write({ 'a/same.yaml': text('2'), 'c.yaml': text('4'), 'd/new.yaml': text('5') })).toMatchObject({
      written: ['c.yaml', 'd/new.yaml'],
      removed: ['a/b/old.yaml'],
      files: 3,
    });
    expect(readdirSync(out(), { recursive: true }).toSorted()).toEqual(['a', 'a/same.yaml', 'c.yaml', 'd', 'd/new.yaml']);
  });

  test('a file takes the place of a folder, and the other way round', () => {
    write({ 'a/b.yaml': text('1'), 'c.yaml': text('2') });
    write({ 'a.yaml': text('1'), 'c.yaml/d.yaml': text('2') });
    expect(read('c.yaml/d.yaml')).toBe(text('2'));
  });

  test('a symbolic link is replaced, never followed', () => {
    writeFileSync(join(scratch, 'outside.yaml'), 'untouched');
    write({ 'a.yaml': text('1') });
    rmSync(join(out(), 'a.yaml'));
    symlinkSync(join(scratch, 'outside.yaml'), join(out(), 'a.yaml'));
    symlinkSync(scratch, join(out(), 'loop'));
    writeFileSync(join(out(), 'ours.yaml'), text('0'));
    write({ 'a.yaml': text('2') });
    expect(readFileSync(join(scratch, 'outside.yaml'), 'utf8')).toBe('untouched');
    expect(readdirSync(out())).toEqual(['a.yaml']);
  });

  test('a folder that holds other things is refused, and the project itself always', () => {
    mkdirSync(out());
    writeFileSync(join(out(), 'thesis.txt'), 'years of work');
    expect(() => write({ 'a.yaml': text('1') })).toThrow(/holds 1 files, none of them rendered by this program: empty it or choose another/);
    expect(read('thesis.txt')).toBe('years of work');
    expect(() => writeTree('.', new Map(), header)).toThrow('holds the project itself');
    expect(() => writeTree('..', new Map(), header)).toThrow('holds the project itself');
    // Before anything in it is looked at: it may be large, and change meanwhile.
    expect(() => writeTree('/', new Map(), header)).toThrow('holds the project itself');
  });

  test('when writing fails, the folder is as it was', () => {
    write({ 'a.yaml': text('1'), 'b.yaml': text('1') });
    const tooLong = `${'x'.repeat(300)}.yaml`;
    expect(() => write({ 'a.yaml': text('2'), [tooLong]: text('2') })).toThrow('ENAMETOOLONG');
    expect([read('a.yaml'), read('b.yaml')]).toEqual([text('1'), text('1')]);
    expect(readdirSync(scratch)).toEqual(['out']);
  });

  test('an unreadable place ends with its name', () => {
    writeFileSync(join(scratch, 'file'), '');
    expect(() => writeTree(join(scratch, 'file', 'out'), new Map([['a.yaml', text('1')]]), header)).toThrow(/file/);
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
