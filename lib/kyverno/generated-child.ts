import type { KubernetesObject } from '../gitops/manifest';

/** An object that is generated for PVCs. */
export interface GeneratedChild {
  /** Name of the rule. */
  readonly rule: string;
  /** The object, with expressions of Kyverno in it. */
  readonly object: KubernetesObject;
  /** Label values for which it is made. @default - all */
  readonly labels?: readonly string[];
  /** Made only where the gate decided to restore. @default false */
  readonly onlyForRestore?: boolean;
}
