import type { TestContext } from './test-context';

/** One scenario of data: backed up, lost, and back. */
export interface DataScenario {
  readonly name: string;
  /** How many PVCs it is about. */
  readonly pvcs: number;
  /** It touches nothing but namespaces of its own, and is played beside others of its kind. @default false - it has the cluster to itself */
  readonly parallel?: boolean;
  /** What must be there before it has the cluster to itself; done beside the parallel ones. @default - nothing */
  readonly prepare?: (context: TestContext) => Promise<void>;
  readonly play: (context: TestContext) => Promise<void | string>;
}
