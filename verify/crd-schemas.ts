import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { load } from 'js-yaml';
import { crdSources } from '../versions';
import { crdCache } from '../scripts/crds';
import type { Data } from './tree';

/** Full CRD schemas of the kinds that the tree uses. For each object as much of its schema is compiled as it needs: a whole one takes seconds. */
export class CrdSchemas {
  /** The schemas in the cache; undefined where the CRDs were not fetched. */
  static load(): CrdSchemas | undefined {
    return existsSync(crdCache) ? new CrdSchemas() : undefined;
  }

  private readonly ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, logger: false });
  private readonly raw = new Map<string, Data>();

  private constructor() {
    for (const { folder, files, ofSomeSites = [] } of crdSources) {
      for (const file of [...files, ...ofSomeSites.filter((each) => existsSync(join(crdCache, folder, each)))]) {
        const { spec }: Data = load(readFileSync(join(crdCache, folder, file), 'utf8'));
        for (const { name, schema, served } of spec.versions) {
          if (served) this.raw.set(`${spec.group}/${name}/${spec.names.kind}`, schema.openAPIV3Schema);
        }
      }
    }
  }

  /** Whether the kind is one of some sites only, and its schema is not in the cache. */
  lacks({ apiVersion, kind }: Data): boolean {
    const file = `${apiVersion.split('/')[0]}_${kind.toLowerCase()}s.yaml`;
    return !this.raw.has(`${apiVersion}/${kind}`) && crdSources.some(({ ofSomeSites = [] }) => ofSomeSites.includes(file));
  }

  /** What is wrong with a custom resource, unknown fields included. */
  problems(object: Data): string[] {
    const key = `${object.apiVersion}/${object.kind}`;
    const schema = this.raw.get(key);
    if (schema === undefined) return [`no schema for ${object.apiVersion} ${object.kind}`];
    const validate = this.ajv.compile(closed(needed(schema, [object])));
    if (validate(object)) return [];
    return validate.errors!.map(
      ({ instancePath, message, params }) => `${object.kind} ${object.metadata.name}${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  }

  /** Defaults that an API server would fill into an object, as `path = value`. */
  missingDefaults(object: Data): string[] {
    return missingDefaults(this.raw.get(`${object.apiVersion}/${object.kind}`), object, `${object.kind} ${object.metadata.name}`);
  }
}

/** A field below an absent parent is not filled in. */
function missingDefaults(schema: Data, object: Data, path: string): string[] {
  if (object === null || typeof object !== 'object') return [];
  if (Array.isArray(object)) return object.flatMap((item, index) => missingDefaults(schema?.items, item, `${path}[${index}]`));
  return Object.entries<Data>(schema?.properties ?? {}).flatMap(([name, child]) => {
    if (name in object) return missingDefaults(child, object[name], `${path}.${name}`);
    return child.default === undefined ? [] : [`${path}.${name} = ${JSON.stringify(child.default)}`];
  });
}

/**
 * A schema without the properties that none of these values has. It says the same about them: what a property must be asks only those that have it, and
 * what must not be missing stands in `required`.
 */
function needed(schema: Data, values: readonly Data[]): Data {
  if (schema === null || typeof schema !== 'object') return schema;
  const copy = { ...schema };
  const objects = values.filter((value) => value !== null && typeof value === 'object' && !Array.isArray(value));
  if (schema.properties !== undefined) {
    const present = new Set(objects.flatMap((value) => Object.keys(value)));
    copy.properties = Object.fromEntries(
      Object.entries<Data>(schema.properties)
        .filter(([name]) => present.has(name))
        .map(([name, child]) => [
          name,
          needed(
            child,
            objects.filter((value) => Object.hasOwn(value, name)).map((value) => value[name]),
          ),
        ]),
    );
  }
  if (schema.items !== undefined) copy.items = needed(schema.items, values.filter(Array.isArray).flat());
  if (typeof schema.additionalProperties === 'object')
    copy.additionalProperties = needed(schema.additionalProperties, objects.flatMap(Object.values));
  return copy;
}

/** Refuses unknown fields at every level, and drops patterns in Go's dialect, which JavaScript can't compile. */
function closed(schema: Data): Data {
  if (schema === null || typeof schema !== 'object') return schema;
  if (Array.isArray(schema)) return schema.map(closed);
  const copy: Data = {};
  for (const [key, value] of Object.entries<Data>(schema)) {
    if (key === 'properties') copy.properties = Object.fromEntries(Object.entries(value).map(([name, child]) => [name, closed(child)]));
    else if (key !== 'pattern' || compiles(value)) copy[key] = key === 'pattern' ? value : closed(value);
  }
  const open = schema['x-kubernetes-preserve-unknown-fields'] === true || schema.additionalProperties !== undefined;
  if (schema.properties !== undefined && !open) copy.additionalProperties = false;
  if (schema['x-kubernetes-int-or-string'] === true) delete copy.type;
  return copy;
}

function compiles(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}
