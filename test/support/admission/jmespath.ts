import { createHash, randomInt } from 'node:crypto';
import { compile, type JSONValue, registerFunction, TreeInterpreter, TYPE_ANY, TYPE_NUMBER, TYPE_STRING } from '@jmespath-community/jmespath';
import type { Data } from '../../../verify/tree';

/**
 * JMESPath as Kyverno 1.19 evaluates it: the language of the specification, and those of Kyverno's functions that the rendered policies call. A function
 * that is not here is an error, so a policy can't use one that nobody plays. Written after pkg/engine/jmespath/{functions,time}.go.
 */

/** A query that yields nothing. Kyverno calls it an unresolved variable, and the rule that holds it fails. */
export class Unresolved extends Error {}

/** The clock of `time_now_utc()`; each request sets it. */
let clock = new Date(0);

const text = [{ types: [TYPE_STRING] }];
const texts = (count: number): typeof text => Array.from({ length: count }, () => ({ types: [TYPE_STRING] }));

type Args = readonly JSONValue[];
const functions: Readonly<Record<string, readonly [signature: { types: number[] }[], call: (args: Args) => JSONValue]>> = {
  time_now_utc: [[], () => rfc3339(clock)],
  time_utc: [text, ([value]) => rfc3339(new Date(String(value)))],
  sha256: [text, ([value]) => createHash('sha256').update(String(value)).digest('hex')],
  truncate: [[{ types: [TYPE_STRING] }, { types: [TYPE_NUMBER] }], ([value, length]) => String(value).slice(0, Number(length))],
  modulo: [[{ types: [TYPE_NUMBER] }, { types: [TYPE_NUMBER] }], ([left, right]) => Number(left) % Number(right)],
  regex_match: [[{ types: [TYPE_STRING] }, { types: [TYPE_ANY] }], ([pattern, value]) => new RegExp(String(pattern)).test(String(value))],
  regex_replace_all: [texts(3), ([pattern, value, by]) => String(value).replaceAll(new RegExp(String(pattern), 'g'), String(by))],
  trim: [texts(2), ([value, characters]) => trim(String(value), String(characters))],
  // Of the specification, but the package reads an empty text as 0, and Go as no number.
  to_number: [[{ types: [TYPE_ANY] }], ([value]) => toNumber(value)],
  random: [text, ([pattern]) => random(String(pattern))],
};
for (const [name, [signature, call]] of Object.entries(functions)) {
  registerFunction(name, (args) => call(args as Args), signature, { override: true });
}

function toNumber(value: JSONValue | undefined): number | null {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value) ? Number(value) : null;
}

/** Go's RFC 3339: no fractions of a second where there are none. */
function rfc3339(time: Date): string {
  return time.toISOString().replace('.000Z', 'Z');
}

/** Go's strings.Trim: the second argument is a set of characters. */
function trim(value: string, characters: string): string {
  const kept = [...value].map((character) => !characters.includes(character));
  return kept.includes(true) ? value.slice(kept.indexOf(true), kept.lastIndexOf(true) + 1) : '';
}

/** Only the one shape of pattern that the policies use. */
function random(pattern: string): string {
  const [, length] = /^\[a-z0-9\]\{(\d+)\}$/.exec(pattern) ?? [];
  if (length === undefined) throw new Error(`random('${pattern}') is not played`);
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from({ length: Number(length) }, () => letters[randomInt(letters.length)]).join('');
}

const parsed = new Map<string, ReturnType<typeof compile>>();

/** @throws Unresolved where the query yields nothing */
export function query(expression: string, data: Data, now: Date): Data {
  clock = now;
  const compiled = parsed.get(expression) ?? compile(expression);
  parsed.set(expression, compiled);
  const result: Data = TreeInterpreter.search(compiled, data);
  if (result === null || result === undefined) throw new Unresolved(`${expression} yields nothing`);
  return result;
}

/** What Kyverno takes for a variable: two braces, with at most one pair of braces inside (pkg/engine/variables/regex). */
const variables = /\{\{((?:\{[^{}]*\}|[^{}])*)\}\}/g;

/** Puts the values of variables into an object, its keys included. A text that is one variable takes the type of its value. */
export function substitute(value: Data, data: Data, now: Date): Data {
  if (typeof value === 'string') {
    if (!value.includes('{{')) return value;
    const [only, ...more] = value.matchAll(variables);
    if (only !== undefined && more.length === 0 && only[0] === value) return query(only[1]!.trim(), data, now);
    return value.replaceAll(variables, (_, expression: string) => {
      const found = query(expression.trim(), data, now);
      return typeof found === 'string' ? found : JSON.stringify(found);
    });
  }
  if (Array.isArray(value)) return value.map((item) => substitute(item, data, now));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [substitute(key, data, now), substitute(child, data, now)]));
}
