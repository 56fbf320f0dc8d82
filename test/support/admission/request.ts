import type { Data } from '../../../verify/tree';

/** A request to the API server. */
export interface AdmissionRequest {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly object: Data;
  readonly oldObject?: Data;
  /** Name of the user who asks. @default - a person */
  readonly user?: string;
  /** Labels of the namespace beside its name. @default none */
  readonly namespaceLabels?: Readonly<Record<string, string>>;
  /** Objects that policies with parameters read, by kind. @default none, so that such policies let the request pass */
  readonly params?: Readonly<Record<string, readonly Data[]>>;
}

export const nameLabel = 'kubernetes.io/metadata.name';

export function namespaceLabelsOf({ object, namespaceLabels = {} }: AdmissionRequest): Record<string, string> {
  return { [nameLabel]: object.metadata.namespace, ...namespaceLabels };
}

/** Kubernetes' label selector. */
export function selects(selector: Data, labels: Readonly<Record<string, string>> = {}): boolean {
  const wanted = Object.entries(selector?.matchLabels ?? {});
  return (
    wanted.every(([key, value]) => labels[key] === value) && (selector?.matchExpressions ?? []).every((expression: Data) => holds(expression, labels))
  );
}

function holds({ key, operator, values }: Data, labels: Readonly<Record<string, string>>): boolean {
  const value = labels[key];
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      throw new Error(`no such operator of a label selector: ${operator}`);
  }
}
