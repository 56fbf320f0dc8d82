import { namespacePlaceholder } from '../model/secret-key';
import { type Fields, fieldsOf } from './schema-parts';

/** What is wrong with the places of the credentials, together. */
export function credentialProblems(values: Fields): string[] {
  return [
    ...sourceProblems(values),
    ...itemProblems(fieldsOf(fieldsOf(values['onepassword'])['fields'])),
    ...plumberItemProblems(fieldsOf(values['onepassword'])),
    ...plumberKeysProblems(fieldsOf(values['secrets'])),
  ];
}

const sources = ['onepassword', 'secrets', 'ownSecret'] as const;

/** Credentials come from one place. */
function sourceProblems(values: Fields): string[] {
  const given = sources.filter((name) => (values[name] ?? undefined) !== undefined);
  if (given.length === 1) return [];
  if (given.length === 0) return ['site.onepassword: is missing: add it (object), or name another place of the credentials as secrets or ownSecret'];
  return [`site.${given[1]!}: ${given.join(' and ')} both say where the credentials are: keep one`];
}

function itemProblems(fields: Fields): string[] {
  const entries = Object.entries(fields).filter(([, field]) => typeof field === 'string');
  return entries.flatMap(([name, field], index) => {
    const first = entries.findIndex(([, other]) => other === field);
    if (first === index) return [];
    return [
      `site.onepassword.fields.${name}: "${String(field)}" is also the field of ${entries[first]![0]}: name the field that holds the other value`,
    ];
  });
}

function plumberItemProblems({ item, plumberItem }: Fields): string[] {
  const perNamespace = typeof item === 'string' && item.includes(namespacePlaceholder);
  if (perNamespace && (plumberItem === undefined || plumberItem === null))
    return [
      `site.onepassword.plumberItem: is missing: "${item}" names an item for each namespace, so name the one with the key of pvc-plumber, which reads what all of them wrote`,
    ];
  if (typeof plumberItem === 'string' && plumberItem.includes(namespacePlaceholder))
    return [
      `site.onepassword.plumberItem: "${plumberItem}" has ${namespacePlaceholder} in it: pvc-plumber has one key for all namespaces, name its item`,
    ];
  return [];
}

/** The same for any store. */
function plumberKeysProblems({ keys, plumberKeys }: Fields): string[] {
  const perNamespace = (places: unknown): string | undefined =>
    Object.entries(fieldsOf(places)).find(([, place]) => String(fieldsOf(place)['key']).includes(namespacePlaceholder))?.[0];
  const [own, plumbers] = [perNamespace(keys), perNamespace(plumberKeys)];
  return [
    ...(own !== undefined && (plumberKeys === undefined || plumberKeys === null)
      ? [
          `site.secrets.plumberKeys: is missing: secrets.keys.${own} names a place for each namespace, so name the places with the key of pvc-plumber, which reads what all of them wrote`,
        ]
      : []),
    ...(plumbers === undefined
      ? []
      : [`site.secrets.plumberKeys.${plumbers}: has ${namespacePlaceholder} in it: pvc-plumber has one key for all namespaces, name its place`]),
  ];
}
