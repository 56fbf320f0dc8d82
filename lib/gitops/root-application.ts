import { Construct } from 'constructs';
import { Application as ArgoApplication } from '../../imports/argoproj.io';
import { namespace } from '../model/naming';
import { argocdDirectory, inCluster, inRepository, retry } from './application';
import { Manifest } from './manifest';
import { GitOpsTree, rootFile } from './tree';

/** Name of the root Application. @param prefix of every Application's name */
export const rootName = (prefix: string): string => `${prefix}root`;

/**
 * The root Application, applied once by hand.
 *
 * It owns the whole Argo CD folder: projects and health checks in the earliest wave of its own sync, then the Applications. So the waves
 * hold from the first sync on; with the health checks in an Application of their own, the first sync would run past them. It does not
 * lie in the folder that it owns, and it is in project `default`, because it makes the other projects.
 */
export class RootApplication extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const { git, names } = GitOpsTree.of(this);
    this.name = rootName(names.prefix);
    new ArgoApplication(new Manifest(this, rootFile), 'root', {
      metadata: {
        name: this.name,
        namespace: namespace.argocd,
        // A server-side dry run of Applications is refused because of their status fields.
        annotations: { 'argocd.argoproj.io/compare-options': 'ServerSideDiff=false' },
      },
      spec: {
        project: 'default',
        destination: { server: inCluster, namespace: namespace.argocd },
        source: {
          repoUrl: git.url,
          targetRevision: git.revision,
          path: inRepository(git.path, argocdDirectory),
          directory: { recurse: true },
        },
        syncPolicy: {
          automated: { prune: true, selfHeal: true },
          syncOptions: ['ServerSideApply=true', 'FailOnSharedResource=true'],
          // Each wave that is not ready ends a try (see the health check of Applications), so a later one must not be far.
          retry: { ...retry, backoff: { ...retry.backoff, maxDuration: '1m' } },
        },
        revisionHistoryLimit: 3,
      },
    });
  }
}
