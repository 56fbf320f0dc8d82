import type { Data } from '../../../verify/tree';

/** A strategic merge. Of lists, those whose entries have names: an entry of a name that is there is changed. */
export function merged(target: Data, patch: Data): Data {
  if (patch === null || typeof patch !== 'object' || isList(patch)) return patch;
  if (Array.isArray(patch)) {
    const there: Data[] = target ?? [];
    const more = patch.filter(({ name }) => !there.some((each) => each.name === name));
    return [...there.map((each) => merged(each, patch.find(({ name }) => name === each.name) ?? {})), ...more];
  }
  const result: Data = { ...target };
  for (const [key, value] of Object.entries(patch)) {
    // Written only where the key is not there.
    const [, absent] = /^\+\((.*)\)$/.exec(key) ?? [];
    if (absent !== undefined) result[absent] ??= value;
    else if (/^[=<^X]?\(/.test(key)) throw new Error(`the anchor ${key} is not played`);
    else result[key] = merged(result[key], value);
  }
  return result;
}

/** A list that has no names, and takes the place of what is there. */
function isList(patch: Data): boolean {
  return Array.isArray(patch) && patch.every((each) => each === null || typeof each !== 'object');
}

/** A JSON patch that adds. */
export function patched(target: Data, operations: readonly Data[]): Data {
  const result = structuredClone(target);
  for (const { op, path, value } of operations) {
    if (op !== 'add') throw new Error(`the operation ${op} of a JSON patch is not played`);
    const steps = String(path).split('/').slice(1);
    const parent = steps.slice(0, -1).reduce((at: Data, step) => at[step], result);
    parent[steps.at(-1)!] = value;
  }
  return result;
}
