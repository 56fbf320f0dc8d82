import type { Stage } from './stage';

/** One life of data: backed up, lost, and back. */
export interface DataLife {
  readonly name: string;
  /** How many PVCs it is about. */
  readonly pvcs: number;
  readonly play: (stage: Stage) => Promise<void | string>;
}
