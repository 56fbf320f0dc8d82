import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../../verify/tree';

/** Every document that a reader follows. `docs/description.md` is what the system was described as, and stays as it was written. */
export const documents = [
  ...readdirSync(repository),
  ...readdirSync(join(repository, 'docs'), { recursive: true, encoding: 'utf8' }).map((path) => `docs/${path}`),
].filter((path) => path.endsWith('.md') && path !== 'docs/description.md');

export const textOf = (path: string): string => readFileSync(join(repository, path), 'utf8');

/** A block of a document, fenced or indented. */
export interface Block {
  /** The document, and the line on which the block begins. */
  readonly path: string;
  readonly line: number;
  /** What stands behind the fence; `indented` for a block without one. */
  readonly language: string;
  readonly text: string;
}

const fence = /^( *)```(\w*)\n(.*?)^ *```$/gms;
/** After an empty line, and not inside an item of a list. */
const indented = /(?<=\n\n)(?: {4}\S.*\n(?:\n(?= {4}))*)(?: {4,}.*\n(?:\n(?= {4}))*)*/g;

/** The blocks of a document, without their indentation. */
export function blocksOf(path: string): Block[] {
  const text = textOf(path);
  const fenced = [...text.matchAll(fence)].map(([, indent, language, body], index) => ({ index, indent: indent!, language: language!, body: body! }));
  const starts = [...text.matchAll(fence)].map(({ index }) => lineAt(text, index));
  const rest = text.replaceAll(fence, (block) => block.replaceAll(/[^\n]/g, ''));
  return [
    ...fenced.map(({ index, indent, language, body }) => ({
      path,
      line: starts[index]!,
      language,
      text: body.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    })),
    ...[...rest.matchAll(indented)].map((match) => ({
      path,
      line: lineAt(rest, match.index),
      language: 'indented',
      text: match[0].replaceAll(/^ {4}/gm, ''),
    })),
  ];
}

/** Code inside a sentence of a document, between backticks, with its line. */
export function inlineOf(path: string): { readonly line: number; readonly text: string }[] {
  const text = textOf(path)
    .replaceAll(fence, (block) => block.replaceAll(/[^\n]/g, ''))
    .replaceAll(indented, (block) => block.replaceAll(/[^\n]/g, ''));
  return [...text.matchAll(/`([^`]+)`/g)].map((match) => ({ line: lineAt(text, match.index), text: match[1]!.replaceAll(/\s*\n\s*/g, ' ') }));
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
