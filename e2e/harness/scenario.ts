import type { Cluster } from './cluster';

/** One scenario of a PVC, played on the live cluster. */
export interface Scenario {
  readonly name: string;
  /** It touches nothing but namespaces of its own, and is played beside others of its kind. */
  readonly parallel: boolean;
  readonly play: (cluster: Cluster) => Promise<void | string>;
}

/** A scenario that has the cluster to itself. @param play resolves with a remark for the line of the report, or nothing */
export function scenario(name: string, play: Scenario['play']): Scenario {
  return { name, parallel: false, play };
}

/** A scenario that touches nothing but namespaces of its own. */
export function parallelScenario(name: string, play: Scenario['play']): Scenario {
  return { name, parallel: true, play };
}
