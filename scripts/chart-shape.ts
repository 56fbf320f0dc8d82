/**
 * The shape of a chart's values: which keys there are, and of which type.
 *
 * `boolean`, `number`, `string`, `list`; `open` is a map with keys of the user's own (annotations, resources), `any` a value whose default is null; an array holds the
 * only values that are allowed; an object holds the keys of a map that has no others.
 */
export type Shape = 'boolean' | 'number' | 'string' | 'list' | 'open' | 'any' | readonly string[] | { readonly [key: string]: Shape };

/** Maps of Kubernetes itself, which a chart passes on as they are: their defaults show only some of their keys. */
const passedOn =
  /^(data|limits|requests|(.*[a-z])?(annotations|labels|nodeSelector|resources|securityContext|affinity|(namespace|object|label)Selector))$/i;

/** Shape of the values that `values.yaml` holds. */
export function shapeOfValues(value: unknown, key = ''): Shape {
  if (value === null || value === undefined) return 'any';
  if (Array.isArray(value)) return 'list';
  if (typeof value !== 'object') return typeof value as 'boolean' | 'number' | 'string';
  if (Object.keys(value).length === 0 || passedOn.test(key)) return 'open';
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, shapeOfValues(child, name)]));
}

interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

/** Shape that `values.schema.json` describes. The schemas of the charts leave their maps open; a map that names keys is taken to have no others. */
export function shapeOfSchema(schema: JsonSchema, key = ''): Shape {
  const types = [schema.type ?? []].flat().filter((type) => type !== 'null');
  if (schema.enum?.every((value) => typeof value === 'string') === true) return schema.enum;
  if (types.length !== 1) return 'any';
  if (types[0] === 'array') return 'list';
  if (types[0] === 'integer' || types[0] === 'number') return 'number';
  if (types[0] === 'boolean' || types[0] === 'string') return types[0];
  const properties = Object.entries(schema.properties ?? {});
  if (properties.length === 0 || passedOn.test(key)) return 'open';
  return Object.fromEntries(properties.map(([name, child]) => [name, shapeOfSchema(child, name)]));
}

/** Both together: the keys of both; where they differ in type, the one that says more, then the first. */
export function merged(first: Shape | undefined, second: Shape | undefined): Shape {
  if (first === undefined || second === undefined) return first ?? second ?? 'any';
  if (isMap(first) && isMap(second)) {
    const keys = [...new Set([...Object.keys(first), ...Object.keys(second)])];
    return Object.fromEntries(keys.map((key) => [key, merged(first[key], second[key])]));
  }
  if (first === 'any' || (first === 'open' && isMap(second)) || (first === 'string' && Array.isArray(second))) return second;
  return first;
}

function isMap(shape: Shape): shape is { readonly [key: string]: Shape } {
  return typeof shape === 'object' && !Array.isArray(shape);
}
