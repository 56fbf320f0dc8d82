import type { Stage } from './stage';

/** One life of data: backed up, lost, and back. */
export interface DataLife {
  readonly name: string;
  /** How many PVCs it is about. */
  readonly pvcs: number;
  /** It touches nothing but namespaces of its own, and is played beside others of its kind. @default false - it has the cluster to itself */
  readonly calm?: boolean;
  /** What must be there before it has the cluster to itself; done beside the calm ones. @default - nothing */
  readonly prepare?: (stage: Stage) => Promise<void>;
  readonly play: (stage: Stage) => Promise<void | string>;
}
