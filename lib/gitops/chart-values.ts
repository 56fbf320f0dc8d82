/**
 * Values for a chart, from the shape in `imports/charts`. A key that the chart does not have, or a value of another type, does not compile. What stands in
 * an annotation map, in resources, or in another map that the chart passes on as it is, is not looked at.
 *
 * Values are written as a literal with this type, or with `satisfies`: TypeScript looks for unknown keys only there.
 */
export type ChartValues<Shape> = Shape extends keyof Words
  ? Words[Shape]
  : Shape extends readonly (infer Value)[]
    ? Value
    : { readonly [Key in keyof Shape]?: ChartValues<Shape[Key]> };

/** The words of scripts/chart-shape.ts. */
interface Words {
  boolean: boolean;
  number: number;
  string: string;
  list: readonly unknown[];
  open: Readonly<Record<string, unknown>>;
  any: unknown;
}
