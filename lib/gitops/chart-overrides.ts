/** Values of a chart as a person sets them, over those of the tree. */
export type Values = Readonly<Record<string, unknown>>;

/** A value that the product depends on. */
export interface ChartNeed {
  /** Keys with dots between them. */
  readonly path: string;
  /** What no longer works with another value: `the gate would …`. */
  readonly breaks: string;
  /** Says whether another value does as well. @default - only the tree's own, or none where the tree sets none */
  readonly accepts?: (value: unknown, all: Values) => boolean;
}

/** A person's values for a chart. */
export interface ChartOverrides {
  /** Name of the chart in the site values. */
  readonly name: string;
  readonly values: Values;
}

/** Maps are joined; every other value, lists among them, replaces that of the tree. */
export function mergedValues(own: Values, given: Values): Values {
  const keys = [...new Set([...Object.keys(own), ...Object.keys(given)])];
  return Object.fromEntries(
    keys.flatMap((key): [string, unknown][] => {
      const [before, after] = [own[key], given[key]];
      if (after === undefined) return before === undefined ? [] : [[key, before]];
      return [[key, isMap(before) && isMap(after) ? mergedValues(before, after) : after]];
    }),
  );
}

/** Says which values of a person take away what the product depends on. */
export function overrideProblems(own: Values, { name, values }: ChartOverrides, needs: readonly ChartNeed[]): string[] {
  const merged = mergedValues(own, values);
  return needs.flatMap(({ path, breaks, accepts }) => {
    const [wanted, is] = [valueAt(own, path), valueAt(merged, path)];
    if (same(wanted, is) || (is !== undefined && accepts?.(is, merged) === true)) return [];
    const remedy = wanted === undefined ? 'leave it out' : `leave it out, the tree has ${JSON.stringify(wanted)}`;
    return [`site.charts.${name}.values.${path}: with ${JSON.stringify(is)} ${breaks}: ${remedy}`];
  });
}

function valueAt(values: Values, path: string): unknown {
  return path.split('.').reduce<unknown>((inner, key) => (isMap(inner) ? inner[key] : undefined), values);
}

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Both are data of YAML; the order of keys does not count. */
function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
