import type { KubernetesObject } from '../gitops/manifest';
import { quantityProblem } from '../model/quantity';
import { entriesOf } from './fields';

/** Kinds of Kubernetes itself that hold Pods or claims. What custom resources mean by `resources` is theirs. */
const kinds = new Set(['CronJob', 'DaemonSet', 'Deployment', 'Job', 'PersistentVolumeClaim', 'Pod', 'ReplicaSet', 'StatefulSet']);

/** Says which sizes and amounts of an object Kubernetes refuses. */
export function quantityProblems(object: KubernetesObject): string[] {
  if (!kinds.has(object.kind)) return [];
  const about = `${object.kind} ${String(object.metadata.namespace)}/${object.metadata.name}`;
  return [...amounts(object, [])].flatMap(({ path, value }) => {
    // A volume of nothing is refused; a Pod may ask for nothing.
    const problem = quantityProblem(value, path.endsWith('requests.storage') ? 'positive' : 'zero');
    return problem === undefined ? [] : [`${about}: ${path}: ${problem}`];
  });
}

function* amounts(value: unknown, path: readonly string[]): Generator<{ readonly path: string; readonly value: unknown }> {
  const inResources = path.at(-2) === 'resources' && (path.at(-1) === 'requests' || path.at(-1) === 'limits');
  const entries = Array.isArray(value) ? value.map((item, index) => [String(index), item] as const) : entriesOf(value);
  for (const [key, child] of entries) {
    const place = [...path, key];
    if (inResources || (key === 'sizeLimit' && path.at(-1) === 'emptyDir')) yield { path: place.join('.'), value: child };
    else yield* amounts(child, place);
  }
}
