import fs, { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeTree, type WriteReport } from '../../lib/gitops/disk';
import { header, rootFile } from '../../lib/gitops/tree';
import { scratchFolder } from '../support/scratch';

const text = (body: string): string => `${header}\n${body}\n`;
/** A person's own manifest, longer than the header. */
const own = `# Mine. ${'Not rendered. '.repeat(20)}\nkind: Secret\n`;

let scratch: string;
let out: string;
beforeEach(() => {
  scratch = scratchFolder();
  out = join(scratch, 'out');
});
afterEach(() => jest.restoreAllMocks());

const write = (files: Record<string, string>, to = out, gitPath = 'dist'): WriteReport =>
  writeTree(to, new Map(Object.entries(files)), { header, rootFile, gitPath });

/** Writes files as a person would, without the header unless it is in the text. */
function put(files: Record<string, string>, below = out): void {
  for (const [path, body] of Object.entries(files)) {
    mkdirSync(join(below, path, '..'), { recursive: true });
    writeFileSync(join(below, path), body);
  }
}

/** Everything below a folder with its content; folders end with a slash. */
function everything(folder: string): Record<string, string> {
  const entries = existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [];
  return Object.fromEntries(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const name = path.slice(folder.length + 1);
      if (entry.isDirectory()) return [`${name}/`, ''];
      return [name, entry.isSymbolicLink() ? `-> ${fs.readlinkSync(path)}` : readFileSync(path, 'utf8')];
    }),
  );
}

describe('what is written and removed', () => {
  test('what differs is written, what no longer belongs is removed with its folders, equal files are left alone', () => {
    write({ 'a/b/old.yaml': text('1'), 'a/same.yaml': text('2'), 'c.yaml': text('3') });
    expect(write({ 'a/same.yaml': text('2'), 'c.yaml': text('4'), 'd/new.yaml': text('5') })).toMatchObject({
      written: ['c.yaml', 'd/new.yaml'],
      removed: ['a/b/old.yaml'],
      kept: [],
      files: 3,
    });
    expect(everything(out)).toEqual({ 'a/': '', 'a/same.yaml': text('2'), 'c.yaml': text('4'), 'd/': '', 'd/new.yaml': text('5') });
  });

  test('a file takes the place of a folder, and the other way round', () => {
    write({ 'a.yaml/b.yaml': text('1'), 'c.yaml': text('2') });
    write({ 'a.yaml': text('1'), 'c.yaml/d.yaml': text('2') });
    expect(everything(out)).toEqual({ 'a.yaml': text('1'), 'c.yaml/': '', 'c.yaml/d.yaml': text('2') });
  });

  test('files and folders that this program did not render stay, and are named', () => {
    write({ 'a/old.yaml': text('1'), 'a/b.yaml': text('1') });
    const strange = {
      'a/own.yaml': own,
      'a/notes.txt': text('not rendered: no .yaml'),
      'my-apps/own.yaml': own,
      'empty.yaml': '',
    };
    put(strange);
    mkdirSync(join(out, 'a/empty'));
    expect(write({ 'a/b.yaml': text('2') })).toMatchObject({ removed: ['a/old.yaml'], kept: ['a/notes.txt', 'a/own.yaml'] });
    expect(everything(out)).toEqual({ ...strange, 'a/': '', 'a/b.yaml': text('2'), 'a/empty/': '', 'my-apps/': '' });
  });

  test('what an interrupted run left aside is swept up when it is old, and left alone while another run may be at work', () => {
    write({ 'a.yaml': text('1') });
    put({ '.rendering-young/new/x.yaml': text('0'), '.rendering-old/new/x.yaml': text('0') });
    utimesSync(join(out, '.rendering-old'), 1, 1);
    expect(write({ 'a.yaml': text('1') }).removed).toEqual(['.rendering-old/new/x.yaml']);
    expect(readdirSync(out).toSorted()).toEqual(['.rendering-young', 'a.yaml']);
  });

  test('another tree in a folder below is left alone', () => {
    const other = { 'clusters/two/bootstrap/root-app.yaml': text('two'), 'clusters/two/infrastructure/x.yaml': text('two') };
    write({ 'a.yaml': text('1') });
    put(other);
    expect(write({ 'a.yaml': text('2') }).removed).toEqual([]);
    expect(everything(out)).toMatchObject(other);
  });
});

describe('the root of a repository, with an empty git.path', () => {
  const strange = {
    '.git/HEAD': 'ref: refs/heads/main\n',
    '.git/objects/looks-rendered.yaml': text('in the history'),
    'README.md': '# mine\n',
    'infrastructure/own/secret.yaml': own,
    'vendor/other/.git': 'gitdir: ../../.git/modules/other\n',
    'vendor/other/rendered.yaml': text('of another repository'),
  };

  test('twice: the tree is there, what it no longer has is gone, .git, submodules and foreign files are untouched', () => {
    put(strange);
    expect(write({ 'infrastructure/a.yaml': text('1'), 'monitoring/b.yaml': text('1') }, out, '')).toMatchObject({ removed: [] });
    const report = write({ 'infrastructure/a.yaml': text('2') }, out, '');
    expect(report).toMatchObject({ written: ['infrastructure/a.yaml'], removed: ['monitoring/b.yaml'], kept: ['infrastructure/own/secret.yaml'] });
    expect(report.note).toBeUndefined();
    expect(Object.fromEntries(Object.entries(everything(out)).filter(([path]) => !path.endsWith('/')))).toEqual({
      ...strange,
      'infrastructure/a.yaml': text('2'),
    });
  });

  test('with another git.path the root is refused', () => {
    put(strange);
    const before = everything(out);
    expect(() => write({ 'a.yaml': text('1') }, out, 'clusters/home')).toThrow(
      `is the root of a Git repository, and git.path is "clusters/home": render into ${join(out, 'clusters/home')}, or set git.path to ''`,
    );
    expect(everything(out)).toEqual(before);
  });

  test('a folder that holds repositories is refused, also when it holds a tree', () => {
    put({ 'one/.git/HEAD': 'x', 'one/a.yaml': text('1'), 'b.yaml': text('1') });
    expect(() => write({ 'b.yaml': text('2') }, out, '')).toThrow(/holds a Git repository, one: choose a folder of the tree's own/);
    expect(everything(out)).toMatchObject({ 'one/a.yaml': text('1'), 'b.yaml': text('1') });
  });

  test('the data of a repository, and a bare one, are refused', () => {
    put({ '.git/HEAD': 'x', 'bare.git/HEAD': 'x', 'bare.git/objects/x': 'x', 'bare.git/refs/x': 'x' });
    for (const place of ['.git/hooks', 'bare.git', 'bare.git/tree'])
      expect(() => write({ 'a.yaml': text('1') }, join(out, place), '')).toThrow('lies in the data of a Git repository');
  });
});

describe('git.path and the output folder', () => {
  test('agree: foreign files may lie there, nothing is said', () => {
    put({ '.git/HEAD': 'x', 'clusters/home/README.md': 'mine' });
    const report = write({ 'a.yaml': text('1') }, join(out, 'clusters/home'), 'clusters/home');
    expect(report.note).toBeUndefined();
    expect(everything(join(out, 'clusters'))).toEqual({ 'home/': '', 'home/README.md': 'mine', 'home/a.yaml': text('1') });
  });

  test('disagree: how to make them agree is said', () => {
    put({ '.git/HEAD': 'x' });
    expect(write({ 'a.yaml': text('1') }, join(out, 'dist'), 'clusters/home').note).toBe(
      'This tree lies in dist of its repository, but Argo CD will look for it in clusters/home (git.path): render there, ' +
        "CDK8S_OUTDIR=clusters/home npm run synth, or set git.path to 'dist'.",
    );
    expect(write({ 'a.yaml': text('1') }, join(out, 'dist'), '').note).toContain('at the root of its repository (git.path is empty)');
  });

  test('outside of any repository nothing can be said', () => {
    expect(write({ 'a.yaml': text('1') }, out, 'clusters/home').note).toBeUndefined();
  });
});

describe('places that are refused', () => {
  test('a folder that holds other things, and the project itself', () => {
    put({ 'thesis.txt': 'years of work' });
    expect(() => write({ 'a.yaml': text('1') })).toThrow(/holds 1 files, none of them rendered by this program: empty it or choose another/);
    symlinkSync(process.cwd(), join(scratch, 'project'));
    // Before anything in it is looked at: it may be large, and change meanwhile.
    for (const place of ['.', '..', '/', join(scratch, 'project')]) expect(() => write({}, place)).toThrow('holds the project itself');
    expect(() => write({}, '')).toThrow('the output folder is empty (CDK8S_OUTDIR)');
    expect(everything(out)).toEqual({ 'thesis.txt': 'years of work' });
  });

  test('a file, a path through a file, a dangling link, links in a circle', () => {
    put({ file: 'x' }, scratch);
    symlinkSync(join(scratch, 'nowhere'), join(scratch, 'dangling'));
    symlinkSync(join(scratch, 'circle'), join(scratch, 'circle'));
    expect(() => write({ 'a.yaml': text('1') }, join(scratch, 'file'))).toThrow(/file is a file: remove it, or choose another folder$/);
    expect(() => write({ 'a.yaml': text('1') }, join(scratch, 'file/out'))).toThrow(/a part of .* is a file, where a folder is needed/);
    for (const place of ['dangling', 'dangling/out'])
      expect(() => write({ 'a.yaml': text('1') }, join(scratch, place))).toThrow(/symbolic link .*dangling, whose target does not exist/);
    expect(() => write({ 'a.yaml': text('1') }, join(scratch, 'circle'))).toThrow(/lead in a circle/);
    expect(readdirSync(scratch).toSorted()).toEqual(['circle', 'dangling', 'file']);
  });

  test('a link to a folder is followed once; the same rules hold for its target', () => {
    put({ 'thesis.txt': 'years of work', 'real/x.yaml': text('1') }, scratch);
    symlinkSync(join(scratch, 'real'), out);
    write({ 'a.yaml': text('1') });
    expect(everything(join(scratch, 'real'))).toEqual({ 'a.yaml': text('1') });
    rmSync(out);
    symlinkSync(scratch, out);
    write({ 'b.yaml': text('1') });
    expect(everything(scratch)).toMatchObject({ 'thesis.txt': 'years of work', 'b.yaml': text('1') });
  });
});

describe('what stands in the way is named, and nothing is written', () => {
  test('links, foreign files, folders with foreign files, another tree', () => {
    write({ 'bootstrap/root-app.yaml': text('0') });
    put({ 'elsewhere/x.yaml': text('untouched') }, scratch);
    symlinkSync(join(scratch, 'elsewhere'), join(out, 'linked'));
    symlinkSync(join(scratch, 'elsewhere/x.yaml'), join(out, 'link.yaml'));
    put({ 'own.yaml': own, plain: 'x', 'folder.yaml/own.txt': 'x', 'two/bootstrap/root-app.yaml': text('two') });
    const before = everything(scratch);
    const paths = ['linked/x.yaml', 'link.yaml', 'own.yaml', 'plain/x.yaml', 'folder.yaml', 'two/x.yaml', 'bootstrap/root-app.yaml'];
    expect(() => write(Object.fromEntries(paths.map((path) => [path, text('1')])))).toThrow(
      [
        `The tree is not written, because this stands in its way in ${out}:`,
        'linked is a symbolic link, where the tree has a folder: move it away',
        'link.yaml is a symbolic link, where the tree has a file: move it away',
        'own.yaml is a file that this program did not render (its first line is another), where the tree has a file: move it away',
        'plain is a file that this program did not render (its first line is another), where the tree has a folder: move it away',
        'folder.yaml is a folder that holds folder.yaml/own.txt, where the tree has a file: move it away',
        'two is another rendered tree, where the tree has a folder: move it away',
      ].join('\n  - '),
    );
    expect(everything(scratch)).toEqual(before);
  });
});

describe('when the disk refuses, one sentence says why, and the folder is as it was', () => {
  /** Operations that change a disk. */
  const operations = ['mkdirSync', 'mkdtempSync', 'writeFileSync', 'copyFileSync', 'renameSync', 'rmdirSync'] as const;

  /** Lets the nth operation, and with `forever` all after it, fail as a full disk does. @returns how many there were */
  function failAt(nth: number, code: string): () => number {
    let count = 0;
    for (const name of operations) {
      const real = fs[name] as (...given: unknown[]) => unknown;
      jest.spyOn(fs, name as 'mkdirSync').mockImplementation(((...given: unknown[]) => {
        count += 1;
        if (count === nth) throw Object.assign(new Error(`${code}: injected`), { code, syscall: name, path: given[0] });
        return real(...given);
      }) as never);
    }
    return () => count;
  }

  const before = { 'a/b/old.yaml': text('1'), 'c.yaml': text('1'), 'folder.yaml/x.yaml': text('1'), 'same.yaml': text('1') };
  const after = { 'c.yaml': text('2'), 'd/e/new.yaml': text('2'), 'folder.yaml': text('2'), 'same.yaml': text('1') };

  test.each(['into an existing folder', 'into a new one'])('at each single operation, %s', (kind) => {
    let steps = Infinity;
    for (let nth = 1; nth <= steps; nth += 1) {
      const folder = join(scratch, `run-${nth}`, 'out');
      mkdirSync(join(scratch, `run-${nth}`));
      if (kind === 'into an existing folder') write(before, folder);
      const found = everything(join(scratch, `run-${nth}`));
      const count = failAt(nth, 'ENOSPC');
      let message = '';
      try {
        write(after, folder);
        steps = count();
      } catch (error) {
        message = (error as Error).message;
      }
      jest.restoreAllMocks();
      if (nth <= steps && message !== '') {
        expect(message).toBe(
          `The tree was not written into ${folder}, and what was there is as it was: the disk is full: make room, then render again.`,
        );
        expect({ nth, ...everything(join(scratch, `run-${nth}`)) }).toEqual({ nth, ...found });
      }
    }
    expect(steps).toBeGreaterThan(kind === 'into a new one' ? 10 : 20);
  });

  test.each([
    ['EROFS', 'lies on a read-only file system'],
    ['EACCES', 'there is no permission for'],
    ['EDQUOT', 'your quota on this disk is used up'],
    ['EIO', 'the disk fails at'],
    ['EXYZ', 'EXYZ: injected'],
  ])('%s: %s', (code, words) => {
    write(before);
    failAt(3, code);
    expect(() => write(after)).toThrow(words);
    jest.restoreAllMocks();
    expect(everything(out)).toMatchObject(before);
  });

  test('a name that is too long', () => {
    write(before);
    expect(() => write({ ...after, [`${'x'.repeat(300)}.yaml`]: text('2') })).toThrow(/the name .* is too long for this disk/);
    expect(everything(out)).toMatchObject(before);
    expect(readdirSync(scratch)).toEqual(['out']);
  });

  test('when it can’t be brought back either, the old files are kept and named', () => {
    write(before);
    let renames = 0;
    const real = renameSync;
    jest.spyOn(fs, 'renameSync').mockImplementation((from, to) => {
      renames += 1;
      if (renames > 2) throw Object.assign(new Error('EIO: injected'), { code: 'EIO', syscall: 'rename' });
      real(from, to);
    });
    expect(() => write(after)).toThrow(/The tree is half-written, and .* could not be brought back: EIO: injected\. What it held lies in .*old/);
    jest.restoreAllMocks();
    const [staging] = readdirSync(out).filter((name) => name.startsWith('.rendering-'));
    expect(everything(join(out, staging!, 'old'))).toMatchObject({ 'a/b/old.yaml': text('1'), 'c.yaml': text('1') });
  });

  test('a folder that this user may not read, and a folder that it may not write', () => {
    // Root may do everything.
    if (process.getuid?.() === 0) return;
    write({ 'a/x.yaml': text('1') });
    put({ 'lost+found/x': 'x' });
    chmodSync(join(out, 'lost+found'), 0);
    chmodSync(join(out, 'a'), 0o555);
    const attempt = (): WriteReport => write({ 'a/x.yaml': text('2') });
    expect(attempt).toThrow(/there is no permission for .*a\/x\.yaml/);
    chmodSync(join(out, 'a'), 0o755);
    attempt();
    expect(readFileSync(join(out, 'a/x.yaml'), 'utf8')).toBe(text('2'));
    chmodSync(join(out, 'lost+found'), 0o755);
  });
});
