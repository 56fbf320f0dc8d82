import type { World } from './world';

/** One life of a PVC, played on the live cluster. */
export interface Life {
  readonly name: string;
  /** It touches nothing but namespaces of its own, and is played beside others of its kind. */
  readonly calm: boolean;
  readonly play: (world: World) => Promise<void | string>;
}

/** A life that has the cluster to itself. @param play resolves with a remark for the line of the report, or nothing */
export function life(name: string, play: Life['play']): Life {
  return { name, calm: false, play };
}

/** A life that touches nothing but namespaces of its own. */
export function calmLife(name: string, play: Life['play']): Life {
  return { name, calm: true, play };
}
