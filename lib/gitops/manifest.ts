import { ApiObject, Chart } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { InputError } from '../model/problems';

/** A rendered Kubernetes object. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

const manifestSymbol = Symbol.for('zero-touch-pvc.Manifest');

/** One file of the tree. Its path is data, because a chart's id can't hold slashes (cdk8s would turn them into dashes). */
export class Manifest extends Chart {
  /** `instanceof` can't be used: cdk8s overrides it on Chart, so every Chart would pass for a Manifest. */
  static isManifest(node: IConstruct): node is Manifest {
    return manifestSymbol in node;
  }

  /** Where in the code it was made. Its stack is formatted only when somebody reads it: `npm run verify` names the file of a wrong object. */
  readonly madeAt = new Error('made here');

  /**
   * @param scope any construct below a `GitOpsTree`
   * @param path where the file lies in the tree, with forward slashes, for example `infrastructure/storage/volsync/snapshot-class.yaml`
   */
  constructor(
    scope: Construct,
    readonly path: string,
  ) {
    super(scope, path);
    Object.defineProperty(this, manifestSymbol, { value: true });
    this.node.addValidation({ validate: () => pathProblems(path) });
  }

  /** Refuses: a generated name changes when a construct is renamed, and then Argo CD deletes one object and creates another. */
  override generateObjectName(apiObject: ApiObject): string {
    throw new InputError(`${this.path}: ${apiObject.kind} "${apiObject.node.id}" has no metadata.name; give it one`);
  }

  /** The objects of this file, in the order in which they were defined. */
  objects(): readonly KubernetesObject[] {
    return this.node
      .findAll()
      .filter((node) => ApiObject.isApiObject(node) && node.chart === this)
      .map((object) => (object as ApiObject).toJson() as KubernetesObject);
  }
}

function pathProblems(path: string): string[] {
  const segments = path.split('/');
  if (!path.endsWith('.yaml')) return [`path "${path}" must end with .yaml: Argo CD reads only these`];
  if (
    segments.some(
      (segment) => segment === '' || segment === '.' || segment === '..' || segment.toLowerCase() === '.git' || !/^[\w.-]+$/.test(segment),
    )
  ) {
    return [`path "${path}" must be relative, with forward slashes and plain segments (letters, digits, dot, dash, underscore; no .git)`];
  }
  return [];
}
