import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { siteSchema } from '../lib/site/schema';
import { helped } from './usage';

const usage = `npm run site-values

Writes lib/site/values.ts, the type of the values in main.ts, from lib/site/schema.ts and its blocks: what an editor shows while a person types. Run it
after a change of the schema.`;

const folder = join(__dirname, '..', 'lib', 'site');
const target = join(folder, 'values.ts');
const width = 150;

/** What a value is made of. Valibot's own types tell more than is needed here. */
interface Schema {
  readonly type: string;
  readonly entries?: Readonly<Record<string, Schema>>;
  readonly item?: Schema;
  readonly wrapped?: Schema;
  readonly default?: unknown;
  readonly options?: readonly (Schema | string)[];
  readonly literal?: unknown;
  readonly pipe?: readonly { readonly type: string; readonly metadata?: { readonly typescript?: string; readonly from?: string } }[];
}

/** The docstrings of the schema, by the name of the block and of the value in it: `git.path`. */
function docstrings(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const sources = [join(folder, 'schema.ts'), ...readdirSync(join(folder, 'blocks')).map((file) => join(folder, 'blocks', file))];
  for (const source of sources) {
    let said: string[] | undefined;
    const open: { readonly name: string; readonly indent: number }[] = [];
    for (const line of readFileSync(source, 'utf8').split('\n')) {
      const [, start, words] = /^ *(\/\*\*|\*)(?!\/) ?(.*)$/.exec(line) ?? [];
      if (start !== undefined) said = [...(start === '*' ? (said ?? []) : []), words!.replace(/ ?\*\/$/, '')];
      const [, name] = /^ *(?:export )?(?:const )?(\w+)(?: = |: |,$)/.exec(line) ?? [];
      if (start !== undefined || name === undefined) continue;
      const depth = /^ */.exec(line)![0].length;
      while (open.length > 0 && open.at(-1)!.indent >= depth) open.pop();
      const parent = open.at(-1)?.name;
      if (said !== undefined && parent !== undefined) found.set(`${parent}.${name}`, said.join(' ').replaceAll(/\s+/g, ' ').trim());
      open.push({ name, indent: depth });
      said = undefined;
    }
  }
  return found;
}

/** A value with its docstring, as a property of an interface. */
function property(parent: string, name: string, schema: Schema, docs: ReadonlyMap<string, string>, indent: string): string {
  const optional = schema.type === 'optional';
  const inner = optional ? schema.wrapped! : schema;
  const standard = defaultOf(schema);
  const about = [docs.get(`${parent}.${name}`), standard === undefined ? undefined : `@default ${standard}`].filter((part) => part !== undefined);
  const key = /^[a-z_]\w*$/i.test(name) ? name : `'${name}'`;
  return `${comment(about.join(' '), indent)}${indent}readonly ${key}${optional ? '?' : ''}: ${typeOf(name, inner, docs, indent)};\n`;
}

/** A default that says something; an empty block or list stands for those of its values. */
function defaultOf(schema: Schema): string | undefined {
  const value = schema.type === 'optional' ? schema.default : undefined;
  if (value === undefined || value === '' || typeof value === 'object' || typeof value === 'function') return undefined;
  return String(value);
}

function typeOf(name: string, schema: Schema, docs: ReadonlyMap<string, string>, indent: string): string {
  const named = schema.pipe?.find(({ metadata }) => metadata?.typescript !== undefined)?.metadata?.typescript;
  if (named !== undefined) return named;
  if (schema.entries !== undefined) {
    const inside = Object.entries(schema.entries).map(([key, entry]) => property(name, key, entry, docs, `${indent}  `));
    return `{\n${inside.join('')}${indent}}`;
  }
  if (schema.item !== undefined) {
    const item = typeOf(name, schema.item, docs, indent);
    return `readonly ${/[|]/.test(item) ? `(${item})` : item}[]`;
  }
  if (schema.type === 'record') return 'Readonly<Record<string, string>>';
  if (schema.type === 'picklist') return schema.options!.map((option) => `'${String(option)}'`).join(' | ');
  if (schema.type === 'literal') return JSON.stringify(schema.literal);
  return schema.type;
}

function comment(words: string, indent: string): string {
  if (words === '') return '';
  const [meaning, standard] = words.split(/ ?(?=@default )/) as [string, string?];
  const one = `${indent}/** ${words} */`;
  if (one.length <= width) return `${one}\n`;
  const lines = [...wrapped(meaning, width - indent.length - 3), ...(standard === undefined ? [] : wrapped(standard, width - indent.length - 3))];
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}\n`).join('')}${indent} */\n`;
}

function wrapped(words: string, length: number): string[] {
  return words.split(' ').reduce<string[]>((lines, word) => {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > length) return [...lines, word];
    return [...lines.slice(0, -1), `${last} ${word}`];
  }, []);
}

/** The text of lib/site/values.ts. */
export function siteValues(): string {
  const docs = docstrings();
  const { entries } = siteSchema as unknown as Required<Schema>;
  const blocks = Object.entries(entries).map(([name, schema]) => property('siteSchema', name, schema, docs, '  '));
  const text = blocks.join('\n');
  const imports = [...new Set(allMetadata(siteSchema as unknown as Schema))].toSorted();
  return [
    '// Generated by `npm run site-values` from lib/site/schema.ts and lib/site/blocks: change a value there.',
    ...imports,
    ...(imports.length > 0 ? [''] : []),
    '/** The values of a site: everything that differs from one cluster to another. A person writes them in `main.ts`. */',
    `export interface SiteValues {\n${text}}\n`,
  ].join('\n');
}

/** The imports that the types of values ask for. */
function allMetadata(schema: Schema): string[] {
  const own = schema.pipe?.flatMap(({ metadata }) => metadata?.from ?? []) ?? [];
  const inner = [
    ...Object.values(schema.entries ?? {}),
    ...(schema.item === undefined ? [] : [schema.item]),
    ...(schema.wrapped === undefined ? [] : [schema.wrapped]),
  ];
  return [...own, ...inner.flatMap(allMetadata)];
}

if (require.main === module && !helped(usage)) writeFileSync(target, siteValues());
