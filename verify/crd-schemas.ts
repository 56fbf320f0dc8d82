import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv, { type ValidateFunction } from 'ajv';
import { load } from 'js-yaml';
import { crdSources } from '../versions';
import { crdCache } from '../scripts/crds';
import type { Data } from './tree';

/** Full CRD schemas of the kinds that the tree uses. Each is compiled when it is first asked for: all of them take seconds. */
export class CrdSchemas {
  /** The schemas in the cache; undefined where the CRDs were not fetched. */
  static load(): CrdSchemas | undefined {
    return existsSync(crdCache) ? new CrdSchemas() : undefined;
  }

  private readonly ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, logger: false });
  private readonly raw = new Map<string, Data>();
  private readonly compiled = new Map<string, ValidateFunction>();

  private constructor() {
    for (const { folder, files } of crdSources) {
      for (const file of files) {
        const { spec }: Data = load(readFileSync(join(crdCache, folder, file), 'utf8'));
        for (const { name, schema, served } of spec.versions) {
          if (served) this.raw.set(`${spec.group}/${name}/${spec.names.kind}`, schema.openAPIV3Schema);
        }
      }
    }
  }

  /** What is wrong with a custom resource, unknown fields included. */
  problems(object: Data): string[] {
    const key = `${object.apiVersion}/${object.kind}`;
    const schema = this.raw.get(key);
    if (schema === undefined) return [`no schema for ${object.apiVersion} ${object.kind}`];
    const validate = this.compiled.get(key) ?? this.ajv.compile(closed(schema));
    this.compiled.set(key, validate);
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
