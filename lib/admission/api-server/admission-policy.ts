import { ApiObject } from 'cdk8s';
import { labels } from '../../gitops/labels';
import type { Manifest } from '../../gitops/manifest';
import type { Validation } from './cel';

type Operation = 'CREATE' | 'UPDATE';

export interface AdmissionPolicyOptions {
  readonly name: string;
  readonly action: 'Deny' | 'Warn';
  /** The requests that it is about. */
  readonly of: {
    readonly apiGroup: string;
    readonly apiVersion: string;
    readonly operation: Operation | readonly Operation[];
    readonly resource: string | readonly string[];
  };
  readonly objectSelector: object;
  readonly namespaceSelector: object;
  /** CEL: the policy is not about other objects, and looks for no parameters for them. @default all that the selectors choose */
  readonly matchCondition?: { readonly name: string; readonly expression: string };
  readonly validations: readonly Validation[];
  /** Expressions that the conditions and messages share, as `variables.<name>`; each may read those before it. @default none */
  readonly variables?: Readonly<Record<string, string>>;
  /** Objects of the request's namespace that the conditions can read as `params`, each in turn. Where there is none the request passes. @default none */
  readonly params?: { readonly apiVersion: string; readonly kind: string; readonly selector: object };
}

/** A ValidatingAdmissionPolicy with its binding. cdk8s-plus-28 knows these kinds only as betas, which Kubernetes no longer serves; hence plain ApiObjects. */
export function admissionPolicy(file: Manifest, options: AdmissionPolicyOptions): void {
  const apiVersion = 'admissionregistration.k8s.io/v1';
  const metadata = { name: options.name, labels: labels('backstop') };
  const { apiGroup, apiVersion: version, operation, resource } = options.of;
  const { params } = options;
  new ApiObject(file, options.name, {
    apiVersion,
    kind: 'ValidatingAdmissionPolicy',
    metadata,
    spec: {
      failurePolicy: options.action === 'Deny' ? 'Fail' : 'Ignore',
      paramKind: params && { apiVersion: params.apiVersion, kind: params.kind },
      matchConstraints: {
        matchPolicy: 'Equivalent',
        namespaceSelector: options.namespaceSelector,
        objectSelector: options.objectSelector,
        resourceRules: [{ apiGroups: [apiGroup], apiVersions: [version], operations: [operation].flat(), resources: [resource].flat(), scope: '*' }],
      },
      matchConditions: options.matchCondition && [options.matchCondition],
      variables: options.variables && Object.entries(options.variables).map(([variable, expression]) => ({ name: variable, expression })),
      validations: options.validations,
    },
  });
  new ApiObject(file, `${options.name}-binding`, {
    apiVersion,
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata,
    spec: {
      policyName: options.name,
      paramRef: params && { selector: params.selector, parameterNotFoundAction: 'Allow' },
      validationActions: options.action === 'Deny' ? ['Deny'] : ['Warn', 'Audit'],
    },
  });
}
