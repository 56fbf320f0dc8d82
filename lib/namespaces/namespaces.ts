import * as k8s from '../gitops/k8s';
import { Construct } from 'constructs';
import { Application } from '../gitops/application';
import { labels } from '../gitops/labels';
import { Manifest } from '../gitops/manifest';
import { keepOnDelete, wave } from '../gitops/sync-wave';
import { namespace } from '../model/naming';

/** Level of the Pod Security Standards that a namespace enforces. */
export type PodSecurity = 'privileged' | 'baseline' | 'restricted';

export interface NamespacesProps {
  /** Namespaces to make, with the level that their Pods need. Without any nothing is rendered until one is added. */
  readonly namespaces: Readonly<Record<string, PodSecurity>>;
}

const directory = 'infrastructure/namespaces';

/** Namespaces of the platform, before anything that lives in them. They are never pruned: with a namespace go its volumes. */
export class Namespaces extends Construct {
  private made: { readonly application: Application; readonly file: Manifest } | undefined;

  constructor(scope: Construct, id: string, props: NamespacesProps) {
    super(scope, id);
    for (const [name, level] of Object.entries(props.namespaces)) this.add(name, level);
  }

  /** The Application, once there is a namespace. */
  get application(): Application | undefined {
    return this.made?.application;
  }

  /** Makes a further namespace. */
  add(name: string, level: PodSecurity): void {
    this.made ??= { application: this.owner(), file: new Manifest(this, `${directory}/namespaces.yaml`) };
    new k8s.KubeNamespace(this.made.file, name, {
      metadata: { name, labels: { ...labels(name), 'pod-security.kubernetes.io/enforce': level }, annotations: { ...keepOnDelete } },
    });
  }

  private owner(): Application {
    return new Application(this, 'application', {
      name: 'namespaces',
      wave: wave.namespaces,
      namespace: namespace.argocd,
      directory,
      prune: false,
    });
  }
}
