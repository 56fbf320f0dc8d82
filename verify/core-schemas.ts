import type { Data } from './tree';

/** Fields that hold a number or a text. The package takes null for one; what Kubernetes makes of it is 0, or nothing. */
const numberOrText = new Set(['port', 'targetPort', 'maxSurge', 'maxUnavailable', 'minAvailable']);

/** What is wrong with an object of Kubernetes itself, unknown fields included, by the schemas of the package kubernetes-models. */
export function coreProblems(object: Data): string[] {
  const [group, version] = object.apiVersion.includes('/') ? object.apiVersion.split('/') : ['', object.apiVersion];
  // eslint-disable-next-line typescript/no-require-imports -- one of hundreds of modules, named by the object
  const models = require(`kubernetes-models/${group === '' ? version : `${group}/${version}`}/${object.kind}`);
  const name = `${object.kind} ${object.metadata?.name}`;
  const seen: Seen[] = [];
  const watched = watch(object, '', seen);
  try {
    models[object.kind].prototype.validate.call(watched);
  } catch (error) {
    return [`${name}: ${(error as Error).message}`];
  }
  return seen.flatMap(({ path, object: map, read }) =>
    Object.keys(map).flatMap((key) => {
      const field = `${path}.${key}`.slice(1);
      if (!read.has(key)) return [`${name}: ${field} is not a field of ${object.apiVersion} ${object.kind}`];
      return map[key] === null && numberOrText.has(key) ? [`${name}: ${field} is null: give it a value, or leave it out`] : [];
    }),
  );
}

interface Seen {
  readonly path: string;
  readonly object: Data;
  readonly read: Set<string | symbol>;
}

/**
 * A copy that remembers which of its fields were read. The compiled schemas pass over unknown fields, but they do read every field that they know, and list the
 * keys of a map that may have any (labels, data): what they never asked for is unknown.
 */
function watch(value: Data, path: string, seen: Seen[]): Data {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item, index) => watch(item, `${path}[${index}]`, seen));
  const present = Object.entries(value).filter(([, child]) => child !== undefined);
  const object = Object.fromEntries(present.map(([key, child]) => [key, watch(child, `${path}.${key}`, seen)]));
  const read = new Set<string | symbol>();
  seen.push({ path, object, read });
  return new Proxy(object, {
    get: (_, key) => {
      read.add(key);
      return object[key as string];
    },
    ownKeys: () => {
      for (const key of Object.keys(object)) read.add(key);
      return Reflect.ownKeys(object);
    },
  });
}
