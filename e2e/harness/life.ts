import type { World } from './world';

/** One life of a PVC, played on the live cluster. */
export interface Life {
  readonly name: string;
  readonly play: (world: World) => Promise<void | string>;
}

/** @param play resolves with a remark for the line of the report, or nothing */
export function life(name: string, play: Life['play']): Life {
  return { name, play };
}
