import { Construct } from 'constructs';
import { AppProject, type AppProjectSpecClusterResourceWhitelist } from '../../imports/argoproj.io';
import { namespace } from '../model/naming';
import { argocdDirectory, inCluster } from './application';
import { Manifest } from './manifest';
import { keepOnDelete, syncWave, wave } from './sync-wave';

export interface ProjectProps {
  readonly name: string;
  readonly description: string;
  /** Repositories its Applications may use: the Git repository and every chart repository. */
  readonly repositories: readonly string[];
  /** Namespaces its Applications must not write to. @default - none */
  readonly deniedNamespaces?: readonly string[];
  /** Cluster-scoped kinds its Applications may write. @default - all */
  readonly clusterKinds?: AppProjectSpecClusterResourceWhitelist[];
  /** Namespaced kinds its Applications must not write. @default - none */
  readonly deniedKinds?: AppProjectSpecClusterResourceWhitelist[];
}

/** One AppProject. It is never pruned: Argo CD stops syncing every Application of a project that is gone. */
export class Project extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, props: ProjectProps) {
    super(scope, id);
    this.name = props.name;
    new AppProject(new Manifest(this, `${argocdDirectory}/${props.name}-project.yaml`), 'project', {
      metadata: { name: props.name, namespace: namespace.argocd, annotations: { ...syncWave(wave.argocd), ...keepOnDelete } },
      spec: {
        description: props.description,
        sourceRepos: [...new Set(props.repositories)].toSorted(),
        destinations: ['*', ...(props.deniedNamespaces ?? []).map((denied) => `!${denied}`)].map((pattern) => ({
          server: inCluster,
          namespace: pattern,
        })),
        clusterResourceWhitelist: props.clusterKinds ?? [{ group: '*', kind: '*' }],
        namespaceResourceBlacklist: props.deniedKinds,
      },
    });
  }
}
