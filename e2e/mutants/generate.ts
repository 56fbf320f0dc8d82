import type { KubeObject } from '../harness/api';
import { folderObjects } from '../harness/tree';
import { operands } from './operands';

/** A rendered object with one safety line taken away. */
export interface Mutant {
  readonly name: string;
  readonly mutated: KubeObject;
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Path = readonly (string | number)[];

/** Every mutant of the policies, the backstop and the rights, from what is rendered. */
export function mutants(): Mutant[] {
  const objects = [...folderObjects('infrastructure/controllers/kyverno'), ...folderObjects('infrastructure/controllers/backstop')];
  return objects.flatMap((object) => lines(object as unknown as Json, []).map(({ what, change }) => mutant(object, what, change)));
}

interface Line {
  readonly what: string;
  readonly change: (copy: Json) => void;
}

function mutant(object: KubeObject, what: string, change: Line['change']): Mutant {
  const mutated = structuredClone(object) as unknown as Json;
  change(mutated);
  return { name: `${object.kind} ${object.metadata.name}: ${what}`, mutated: mutated as unknown as KubeObject };
}

/** Keys whose value is a safety line as a whole. */
const removed = new Set(['operations', 'matchLabels', 'mergePolicy', 'ownerReferences', 'matchConditions', 'deletionTimestamp']);
/** Lists whose every entry is a safety line. */
const listed = new Set([
  'rules',
  'matchConditions',
  'preconditions',
  'conditions',
  'validations',
  'values',
  'matchExpressions',
  'namespaces',
  'all',
  'any',
  'context',
  'subjects',
]);
/** Values that a mutant weakens. */
const weaker: Readonly<Record<string, (value: Json) => Json | undefined>> = {
  failurePolicy: (value) => (value === 'Fail' ? 'Ignore' : undefined),
  failureAction: (value) => (value === 'Enforce' ? 'Audit' : undefined),
  validationActions: (value) => (Array.isArray(value) && value.some((action) => action === 'Deny' || action === 'Warn') ? ['Audit'] : undefined),
  synchronize: () => undefined,
};

function lines(node: Json, path: Path): Line[] {
  if (node === null || typeof node !== 'object') return [];
  if (Array.isArray(node)) {
    const key = path.at(-1);
    // An only entry of `any` or `all` around a whole match is the match itself, not a line of it.
    const own = typeof key === 'string' && listed.has(key) && !isMatchBlock(path) ? node.map((entry, index) => drop([...path, index], entry)) : [];
    return [...own, ...node.flatMap((entry, index) => lines(entry, [...path, index]))];
  }
  return Object.entries(node).flatMap(([key, value]) => {
    const here = [...path, key];
    const weakened = weaker[key]?.(value);
    return [
      ...(removed.has(key) ? [drop(here, value)] : []),
      ...(weakened === undefined ? [] : [{ what: `${show(here)} = ${JSON.stringify(weakened)}`, change: (copy: Json) => set(copy, here, weakened) }]),
      ...(typeof value === 'string' && isCondition(here) ? withoutOperands(here, value) : []),
      ...lines(value, here),
    ];
  });
}

function isMatchBlock(path: Path): boolean {
  const parent = path.at(-2);
  return parent === 'match' || parent === 'exclude';
}

function drop(path: Path, value: Json): Line {
  return { what: `without ${show(path)} ${brief(value)}`, change: (copy) => remove(copy, path) };
}

/** CEL, or JMESPath of a variable, of a look-up, or of a precondition. */
function isCondition(path: Path): boolean {
  const key = path.at(-1);
  return key === 'expression' || key === 'jmesPath' || (key === 'key' && path.includes('preconditions'));
}

/** A condition with each operand left out. A text or a list that stands for what is absent is none. */
function withoutOperands(path: Path, text: string): Line[] {
  return operands(text).flatMap(({ part, without }, index) =>
    /^(['`])[^'`]*\1$/.test(part)
      ? []
      : [{ what: `${show(path)} without "${part}" (${index + 1})`, change: (copy: Json) => set(copy, path, without) }],
  );
}

function parentOf(copy: Json, path: Path): Record<string | number, Json> {
  let at = copy as Record<string | number, Json>;
  for (const step of path.slice(0, -1)) at = at[step] as Record<string | number, Json>;
  return at;
}

function set(copy: Json, path: Path, value: Json): void {
  parentOf(copy, path)[path.at(-1) ?? ''] = value;
}

function remove(copy: Json, path: Path): void {
  const parent = parentOf(copy, path);
  const key = path.at(-1) ?? '';
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
}

function show(path: Path): string {
  return path.filter((step) => step !== 'spec').join('.');
}

function brief(value: Json): string {
  const named =
    value !== null && typeof value === 'object' && !Array.isArray(value) ? (value['name'] ?? value['expression'] ?? value['key']) : undefined;
  const text = typeof named === 'string' ? named : JSON.stringify(value);
  return text.length > 90 ? `${text.slice(0, 90)}...` : text;
}
