import type { Data } from './tree';

/** Values of one PVC, in place of Kyverno's expressions; matched by what the expression reads. */
const sample: readonly (readonly [pattern: RegExp, value: Data])[] = [
  [/'keep'/, 'keep'],
  [/restore-as-of/, '9999-12-31T23:59:59Z'],
  [/restore-previous/, 0],
  [/!= `0`/, true],
  [/"volsync\.backup\/(run-as-user|run-as-group|fs-group)"/, 568],
  [/^to_string\(modulo/, '31'],
  [/^truncate\(sha256/, 'ee8ff0cd874ebf9a'],
  [/dataSourceRef\.name/, 'data-restore-a1b2c3d4'],
  [/metadata\.uid/, '6f1c0d7e-0000-4000-8000-000000000000'],
  [/requests\.storage/, '10Gi'],
  [/accessModes/, 'ReadWriteOnce'],
  [/storageClassName/, 'longhorn'],
  [/metadata\.namespace$/, 'my-app'],
  [/metadata\.name$/, 'data'],
];

function valueOf(query: string): Data {
  const found = sample.find(([pattern]) => pattern.test(query));
  if (found === undefined) throw new Error(`no sample value for {{ ${query} }}`);
  return found[1];
}

/** An object of a generate rule as Kyverno would make it: a text that is one expression takes the type of its value. */
export function sampleSubstitution(value: Data): Data {
  if (typeof value === 'string') {
    const whole = /^\{\{ ((?:[^{}]|\{[^{}]*\})*) \}\}$/.exec(value);
    if (whole !== null) return valueOf(whole[1]!);
    return value.replaceAll(/\{\{ ((?:[^{}]|\{[^{}]*\})*) \}\}/g, (_, query: string) => String(valueOf(query)));
  }
  if (Array.isArray(value)) return value.map(sampleSubstitution);
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, sampleSubstitution(child)]));
  return value;
}
