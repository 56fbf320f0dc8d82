import type { SiteValues } from '../../lib';
import type { KubeObject } from './api';
import { exampleTree, objectsOf } from './tree';

/** The ClusterPolicies of the example with some other values. */
export function policiesOf(changes: Partial<SiteValues> = {}): KubeObject[] {
  return [...exampleTree(changes).values()].flatMap(objectsOf).filter(({ kind }) => kind === 'ClusterPolicy');
}
