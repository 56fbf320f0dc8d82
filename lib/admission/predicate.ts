import { list } from './api-server/cel';

/**
 * Conditions on the PVC of an admission request, written once and printed in both languages that read it: CEL for the API server's policies, JMESPath for
 * Kyverno's. Only what the two of them share is here.
 */

/** A condition that only the API server's policies can say. */
export interface CelCondition {
  readonly cel: string;
}

/** A condition as it stands in CEL. */
export const cel = (condition: string): CelCondition => ({ cel: condition });

/** A condition in both languages. */
export interface Predicate extends CelCondition {
  readonly jmesPath: string;
}

/** A field of the PVC. */
export interface Field extends Predicate {
  /** What it counts as where it is absent. */
  readonly fallback: string;
}

/** @param path from the object, as in `spec.volumeMode`; `metadata` and `spec` are always there */
export function field(path: string, fallback = ''): Field {
  const [top, ...rest] = path.split('.');
  return {
    cel: `object.${top}${rest.map((part) => `.?${part}`).join('')}.orValue('${fallback}')`,
    jmesPath: `request.object.${path}`,
    fallback,
  };
}

export function annotationField(key: string, fallback = ''): Field {
  return {
    cel: `object.metadata.?annotations[?'${key}'].orValue('${fallback}')`,
    jmesPath: `request.object.metadata.annotations."${key}"`,
    fallback,
  };
}

const orFallback = ({ jmesPath, fallback }: Field): string => `${jmesPath} || '${fallback}'`;

export function eq(of: Field, text: string): Predicate {
  // A field that is absent is null, which equals no text.
  const jmesPath = text === of.fallback ? `(${orFallback(of)})` : of.jmesPath;
  return { cel: `${of.cel} == '${text}'`, jmesPath: `${jmesPath} == '${text}'` };
}

export function oneOf(of: Field, texts: readonly string[]): Predicate {
  return {
    cel: `${of.cel} in ${list(texts)}`,
    jmesPath: `contains(\`${JSON.stringify(texts)}\`, ${orFallback(of)})`,
  };
}

/** @param pattern regular expression of RE2, which both engines use */
export function matches(of: Field, pattern: string): Predicate {
  return { cel: `${of.cel}.matches('${pattern}')`, jmesPath: `regex_match('${pattern}', ${orFallback(of)})` };
}

/** The field begins with the PVC's name and this text. */
export function startsWithName(of: Field, text: string): Predicate {
  return {
    cel: `${of.cel}.startsWith(object.metadata.name + '${text}')`,
    jmesPath: `starts_with(${orFallback(of)}, ${nameAnd(text)})`,
  };
}

/** The field is the PVC's name and this text. */
export function isName(of: Field, text: string): Predicate {
  return { cel: `${of.cel} == object.metadata.name + '${text}'`, jmesPath: `${of.jmesPath} == ${nameAnd(text)}` };
}

/** JMESPath of the PVC's name with a text behind it. One with `generateName` has no name yet. */
function nameAnd(text: string): string {
  return `join('', [request.object.metadata.name || '', '${text}'])`;
}

export function not(of: Predicate): Predicate;
export function not(of: CelCondition): CelCondition;
export function not(of: CelCondition & Partial<Predicate>): CelCondition & Partial<Predicate> {
  return combined([of], ([part]) => `!(${part})`);
}

export function all(...of: readonly Predicate[]): Predicate;
export function all(...of: readonly CelCondition[]): CelCondition;
export function all(...of: readonly (CelCondition & Partial<Predicate>)[]): CelCondition & Partial<Predicate> {
  return combined(of, (parts) => parts.join(' && '));
}

export function any(...of: readonly Predicate[]): Predicate;
export function any(...of: readonly CelCondition[]): CelCondition;
export function any(...of: readonly (CelCondition & Partial<Predicate>)[]): CelCondition & Partial<Predicate> {
  return combined(of, (parts) => `(${parts.map((part) => `(${part})`).join(' || ')})`);
}

function combined(
  of: readonly (CelCondition & Partial<Predicate>)[],
  print: (parts: readonly string[]) => string,
): CelCondition & Partial<Predicate> {
  const printed = print(of.map((part) => part.cel));
  const paths = of.flatMap(({ jmesPath }) => jmesPath ?? []);
  return paths.length === of.length ? { cel: printed, jmesPath: print(paths) } : { cel: printed };
}
