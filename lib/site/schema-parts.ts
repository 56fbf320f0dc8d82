import * as v from 'valibot';

/** The parts that the site's schema is made of. Each says what is wrong with a value, and how to write it, in one sentence. */

/** How a value of a type is written. */
const wanted = {
  string: "write a text, '…'",
  boolean: 'write true or false',
  array: 'write a list, […]',
  object: 'write one, { … }',
} as const;

/** A value as it stands in `main.ts`. JSON knows neither NaN nor big integers, and no circles. */
export function shown(input: unknown): string {
  if (typeof input === 'number' || typeof input === 'bigint' || typeof input === 'symbol') return String(input);
  if (typeof input === 'function') return 'a function';
  try {
    return JSON.stringify(input) ?? String(input);
  } catch {
    return 'an object that is part of itself, or holds a big integer,';
  }
}

function missing(type: string): string {
  return `is missing: add it (${type})`;
}

/** A value that is undefined or null is as good as none: both are said in the same words. */
function wrongType(type: keyof typeof wanted): (issue: { readonly input: unknown }) => string {
  return ({ input }) => (input === undefined || input === null ? missing(type) : `${shown(input)} is not ${article(type)} ${type}: ${wanted[type]}`);
}

/** A value in which a function finds nothing wrong; the function's words become the message. */
function unless<T>(problem: (value: T) => string | undefined): v.RawCheckAction<T> {
  return v.rawCheck(({ dataset, addIssue }) => {
    const message = dataset.typed ? problem(dataset.value) : undefined;
    if (message !== undefined) addIssue({ message });
  });
}

/** Longer than anything that a site has to say; an object of Kubernetes holds a name or an address many times over, and has a limit. */
const longest = 1024;

/** A text. @param problem says what is wrong with it, or undefined */
export function text(problem: (value: string) => string | undefined): v.GenericSchema<string> {
  return v.pipe(
    v.string(wrongType('string')),
    unless((value) =>
      value.length > longest ? `"${value.slice(0, 20)}…" has ${value.length} characters: write at most ${longest}` : problem(value),
    ),
  );
}

/** true or false, with a default. */
export function switched<const Default extends boolean>(value: Default): v.OptionalSchema<v.BooleanSchema<v.ErrorMessage<v.BooleanIssue>>, Default> {
  return v.optional(v.boolean(wrongType('boolean')), value);
}

/** A whole number from `least` on, up to `most` where there is a limit. */
export function whole(least: number, most?: number): v.GenericSchema<number> {
  const want = most === undefined ? `write a whole number, ${least} or more` : `write a whole number from ${least} to ${most}`;
  const wrong = (value: number): string | undefined => {
    if (!Number.isSafeInteger(value)) return 'not a whole number';
    if (value < least) return 'too small';
    return value > (most ?? Number.MAX_SAFE_INTEGER) ? 'too big' : undefined;
  };
  return v.pipe(
    v.number(({ input }) => (input === undefined || input === null ? missing('number') : `${shown(input)} is not a number: ${want}`)),
    unless((value) => {
      const what = wrong(value);
      return what === undefined ? undefined : `${value} is ${what}: ${want}`;
    }),
  );
}

/** A list. @param empty what is wrong with an empty one; absent: nothing */
export function list<Item extends v.GenericSchema>(
  item: Item,
  empty?: string,
): v.GenericSchema<readonly v.InferInput<Item>[], readonly v.InferOutput<Item>[]> {
  return v.pipe(
    v.array(item, wrongType('array')),
    unless((items) => (items.length === 0 ? empty : undefined)),
    v.readonly(),
  ) as unknown as v.GenericSchema<readonly v.InferInput<Item>[], readonly v.InferOutput<Item>[]>;
}

/** Texts by names of one's own. @param problem says what is wrong with a name, or undefined */
export function named(problem: (name: string) => string | undefined): v.GenericSchema<Readonly<Record<string, string>>> {
  return v.pipe(
    v.record(
      v.string(),
      text(() => undefined),
      wrongType('object'),
    ),
    unless((values) => Object.keys(values).flatMap((name) => problem(name) ?? [])[0]),
  );
}

/** An object with these fields and no others. Valibot's own strict object stops at the first unknown one. */
export function block<const Entries extends v.ObjectEntries>(entries: Entries): v.StrictObjectSchema<Entries, undefined> {
  const words = (issue: v.LooseObjectIssue): string => {
    const key = issue.path?.at(-1)?.key;
    const isField = issue.input === undefined && typeof key === 'string' && issue.expected === JSON.stringify(key);
    return isField ? missing(nameOf(entries[key])) : wrongType('object')(issue);
  };
  const known = v.rawCheck<v.InferOutput<v.LooseObjectSchema<Entries, undefined>>>(({ dataset, addIssue }) => {
    const value: unknown = dataset.value;
    if (typeof value !== 'object' || value === null) return;
    const strangers = Object.entries(value).flatMap(([key, given]) => (Object.hasOwn(entries, key) || given === undefined ? [] : [key]));
    if (strangers.length > 0)
      addIssue({ message: `has no ${strangers.map((key) => JSON.stringify(key)).join(', ')}: correct the spelling or remove it` });
  });
  return v.pipe(v.looseObject(entries, words), known) as unknown as v.StrictObjectSchema<Entries, undefined>;
}

function nameOf(schema: v.ObjectEntries[string] | undefined): string {
  return schema?.type === 'loose_object' ? 'object' : String(schema?.type);
}

function article(word: string): 'a' | 'an' {
  return /^[aeiou]/.test(word) ? 'an' : 'a';
}

/** Keys of an object that may be anything. */
export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}
