import { Construct } from 'constructs';
import { ApplicationSet } from '../../imports/argoproj.io';
import { namespace } from '../model/naming';
import { argocdDirectory, inCluster, retry, syncOptions } from './application';
import { Manifest } from './manifest';
import { syncWave, wave } from './sync-wave';
import { GitOpsTree } from './tree';

export interface MyAppsProps {
  /** Patterns of the folders in the Git repository, one Application for each folder that matches. The last segment names Application and namespace. */
  readonly directories: readonly string[];
  /** AppProject of the Applications. */
  readonly project: string;
}

/**
 * The users' applications: an ApplicationSet over folders, in the last wave, so that a long restore never holds up the platform.
 *
 * `preserveResourcesOnDeletion` keeps an app's objects, its PVCs among them, when its folder disappears from Git by mistake.
 */
export class MyApps extends Construct {
  constructor(scope: Construct, id: string, props: MyAppsProps) {
    super(scope, id);
    const { git } = GitOpsTree.of(this);
    new ApplicationSet(new Manifest(this, `${argocdDirectory}/apps/my-apps-app.yaml`), 'my-apps', {
      metadata: {
        name: 'my-apps',
        namespace: namespace.argocd,
        annotations: { ...syncWave(wave.apps), 'argocd.argoproj.io/sync-options': 'Prune=false' },
      },
      spec: {
        goTemplate: true,
        goTemplateOptions: ['missingkey=error'],
        generators: [{ git: { repoUrl: git.url, revision: git.revision, directories: props.directories.map((path) => ({ path })) } }],
        syncPolicy: { preserveResourcesOnDeletion: true },
        template: {
          metadata: { name: 'my-apps-{{.path.basenameNormalized}}' },
          spec: {
            project: props.project,
            source: { repoUrl: git.url, targetRevision: git.revision, path: '{{.path.path}}', directory: { recurse: true } },
            destination: { server: inCluster, namespace: '{{.path.basenameNormalized}}' },
            // The namespace of a folder of plain manifests need not be written. No RespectIgnoreDifferences: see syncOptions.
            syncPolicy: {
              automated: { prune: true, selfHeal: true },
              syncOptions: syncOptions.map((option) => option.replace('CreateNamespace=false', 'CreateNamespace=true')),
              retry: retry(10),
            },
            revisionHistoryLimit: 3,
          },
        },
      },
    });
  }
}
