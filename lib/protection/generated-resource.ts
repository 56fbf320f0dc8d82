import type { KubernetesObject } from '../gitops/manifest';

/** An object that Kyverno generates for a labelled PVC. */
export interface GeneratedResource {
  /** Last part of the name of the rule that keeps it at what the site says. */
  readonly rule: string;
  /** The object, with Kyverno's expressions in it. */
  readonly object: KubernetesObject;
  /** Label values for which it is generated. @default - all */
  readonly labels?: readonly string[];
  /** Generated only where the gate decided to restore. @default false */
  readonly onlyForRestore?: boolean;
}
