import { defineScalarTag, dump, DUMP_SCHEMA, NOT_RESOLVED } from 'js-yaml';

/**
 * Plain scalars that Go's YAML parser (Argo CD, kubectl) reads as a number, but js-yaml's own dump schema leaves unquoted:
 * `0o644`, `0O7`, `0X1F`, `0B1`. Registered as an implicit tag, so that the dumper quotes a string that looks like one.
 */
const goIntegers = defineScalarTag('tag:zero-touch-pvc,2026:go-int', {
  implicit: true,
  resolve: (source) => (/^[+-]?0[bBoOxX][0-9A-Fa-f_]+$/.test(source) ? source : NOT_RESOLVED),
  identify: () => false,
});

const schema = DUMP_SCHEMA.withTags(goIntegers);

const lineWidth = 120;

/** What a reader looks for first; everything else is in the order of the alphabet. */
const firstKeys = ['apiVersion', 'kind', 'name', 'metadata'];

/** The order of keys, whatever order the library that made the object has been told to use. */
function byRank(a: string, b: string): number {
  const [first, second] = [a, b].map((key) => (firstKeys.includes(key) ? firstKeys.indexOf(key) : firstKeys.length));
  return first! - second! || (a < b ? -1 : 1);
}

/** Folding a text of several lines would tear programs and dashboards apart. */
function hasLongLines(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\n') && value.split('\n').some((line) => line.length > lineWidth);
  return typeof value === 'object' && value !== null && Object.values(value).some(hasLongLines);
}

/** Renders objects as one YAML stream: no anchors, long expressions over several lines, every ambiguous string quoted. */
export function toYaml(objects: readonly unknown[]): string {
  return objects
    .map((object) => dump(object, { schema, lineWidth: hasLongLines(object) ? -1 : lineWidth, noRefs: true, sortKeys: byRank }))
    .join('---\n');
}
