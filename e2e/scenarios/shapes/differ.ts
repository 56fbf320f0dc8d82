/** The example's. */
export const namespaces = ['kube-system', 'volsync-system', 'kyverno'];
export const labels = ['daily', 'hourly'];

/** What is wrong with a list, in whatever order it stands. */
export function differ(what: string, is: readonly string[] | undefined, wanted: readonly string[]): string[] {
  const [a, b] = [JSON.stringify((is ?? []).toSorted()), JSON.stringify(wanted.toSorted())];
  return a === b ? [] : [`${what} are ${a}, not ${b}`];
}

/** A label selector that chooses by no value: the API server refuses it. */
export function emptyValues(node: unknown, path: readonly string[] = []): string[] {
  if (node === null || typeof node !== 'object') return [];
  const { operator, values } = node as { operator?: unknown; values?: unknown };
  const own = (operator === 'In' || operator === 'NotIn') && Array.isArray(values) && values.length === 0 ? [`${path.join('.')} has no values`] : [];
  return [...own, ...Object.entries(node).flatMap(([key, value]) => emptyValues(value, [...path, key]))];
}
