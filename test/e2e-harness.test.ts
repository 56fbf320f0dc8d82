import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCommandLine } from '../e2e/harness/brought';
import { expanded } from '../e2e/harness/container-env';
import { bytesOf, quantityOf } from '../e2e/harness/quantity';

describe('what the e2e run plays of a kubelet', () => {
  test('a command is expanded: variables that are there, and an escaped dollar; all else stays as it is', () => {
    const env = { NAME: 'value', EMPTY: '' };
    expect(expanded('a $(NAME) b $(EMPTY)c', env)).toBe('a value b c');
    expect(expanded('$$(NAME) $$ $$$$', env)).toBe('$(NAME) $ $$');
    // What a shell script in a command is full of.
    expect(expanded('x=$(date +%s); echo "$x ${x[0]} $(echo $(NAME))"', env)).toBe('x=$(date +%s); echo "$x ${x[0]} $(echo $(NAME))"');
    expect(expanded('an open $(NAME', env)).toBe('an open $(NAME');
  });
});

describe('sizes as Kubernetes writes them', () => {
  test.each([
    ['10G', 10e9],
    ['500M', 5e8],
    ['5e8', 5e8],
    ['1.1Gi', 1181116007],
    ['1Gi', 2 ** 30],
    ['128974848', 128974848],
    ['700Ki', 716800],
    ['1500m', 2],
    ['.5Mi', 524288],
  ])('%s', (quantity, bytes) => expect(bytesOf(quantity)).toBe(bytes));

  test.each(['', 'Gi', '1 Gi', '1GB', '0x10'])('"%s" is none', (text) => expect(() => bytesOf(text)).toThrow(/is not a quantity/));

  test.each([
    [2 ** 30, '1Gi'],
    [502267904, '479Mi'],
    [1000, '1000'],
  ])('%i is written as %s', (bytes, text) => expect(quantityOf(bytes)).toBe(text));
});

describe('the command line of npm run e2e', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mover-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('programs that are brought, and words', () => {
    writeFileSync(join(folder, 'entry.sh'), '');
    const program = join(folder, 'entry.sh');
    expect(readCommandLine(['--volsync', program, 'a word', '--mover', folder])).toEqual({
      volsync: program,
      mover: folder,
      help: false,
      mutants: false,
      storms: false,
      live: false,
      words: ['a word'],
    });
    expect(readCommandLine(['--mutants', 'word'])).toMatchObject({ mutants: true, live: false, words: ['word'] });
    expect(readCommandLine(['--mutants', '--live'])).toMatchObject({ mutants: true, live: true, words: [] });
    mkdirSync(join(folder, 'bootstrap'), { recursive: true });
    expect(readCommandLine(['--storms', '--against', folder, 'burst'])).toMatchObject({ storms: true, against: folder, words: ['burst'] });
    expect(readCommandLine(['--tree', folder, 'label'])).toMatchObject({ tree: folder, words: ['label'] });
  });

  test.each([
    [['--volsync'], /--volsync has no value/],
    [['--volsync', '/nowhere/volsync'], /--volsync \/nowhere\/volsync: there is no such file/],
    [['--mover', '/'], /--mover \/: the folder has no entry.sh/],
    [['--storms', '--against', '/proc'], /--against \/proc: the folder has no rendered tree/],
    [['--against', 'test/golden/homelab'], /--against is for npm run e2e:storm/],
    [['--live', 'word'], /--live is for npm run e2e:mutants/],
    [['--tree', '/proc'], /--tree \/proc: the folder has no rendered tree/],
    [['--mutants', '--tree', 'test/golden/homelab'], /--tree is for npm run e2e$/],
    [['--movr', '/'], /unknown option --movr/],
  ])('%j is refused', (args, words) => expect(() => readCommandLine(args)).toThrow(words));
});
