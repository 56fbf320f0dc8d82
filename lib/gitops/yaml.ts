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

/** Renders objects as one YAML stream: no anchors, long lines unfolded, every ambiguous string quoted. */
export function toYaml(objects: readonly unknown[]): string {
  return objects.map((object) => dump(object, { schema, lineWidth: -1, noRefs: true })).join('---\n');
}
