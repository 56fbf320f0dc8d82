import type { Data } from './tree';

/** What is wrong with an object of Kubernetes itself, by the types of the package kubernetes-models. Unknown fields pass; `kubernetes-validate` in CI refuses them. */
export function coreProblems(object: Data): string[] {
  const [group, version] = object.apiVersion.includes('/') ? object.apiVersion.split('/') : ['', object.apiVersion];
  // eslint-disable-next-line typescript/no-require-imports -- one of hundreds of modules, named by the object
  const models = require(`kubernetes-models/${group === '' ? version : `${group}/${version}`}/${object.kind}`);
  try {
    new models[object.kind](object).validate();
    return [];
  } catch (error) {
    return [`${object.kind} ${object.metadata.name}: ${(error as Error).message}`];
  }
}
