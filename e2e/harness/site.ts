import { homelab } from '../../examples/homelab/site';
import { buildTree, type SiteValues } from '../../lib';
import type { KubeObject } from './api';

/** The ClusterPolicies of the example with some other values. */
export function policiesOf(changes: Partial<SiteValues> = {}): KubeObject[] {
  const files = [
    ...buildTree({ ...(homelab as SiteValues), ...changes }, undefined, '/nowhere')
      .render()
      .values(),
  ];
  return files.flatMap(({ objects }) => objects).filter(({ kind }) => kind === 'ClusterPolicy') as unknown as KubeObject[];
}
