import { Construct } from 'constructs';
import { ApplicationSet, type ApplicationSetSpecTemplate } from '../../imports/argoproj.io';
import { namespace } from '../model/naming';
import { argocdDirectory, inCluster, retry, syncOptions } from './application';
import { Manifest } from './manifest';
import { syncWave, wave } from './sync-wave';
import { type GitSource, GitOpsTree } from './tree';

export interface MyAppsProps {
  /** Patterns of the folders in the Git repository, one Application for each folder that matches. The last segment names Application and namespace. */
  readonly directories: readonly string[];
  /** AppProject of the Applications. */
  readonly project: string;
}

/** A file at the top of a folder by which Argo CD knows that Kustomize or Helm renders it. */
export const renderedBy = ['kustomization.yaml', 'kustomization.yml', 'Kustomization', 'Chart.yaml'] as const;

/**
 * The users' applications: an ApplicationSet over folders, in the last wave, so that a long restore never holds up the platform.
 *
 * A folder of plain manifests is read with everything below it. `directory` says so, and would also be how a folder with a kustomization is read: what Kustomize
 * adds, a backup label for example, would be lost without a word. So the folders are merged with the files that make them something else, and only the others
 * are given `directory`.
 *
 * `preserveResourcesOnDeletion` keeps an app's objects, its PVCs among them, when its folder disappears from Git by mistake.
 */
export class MyApps extends Construct {
  constructor(scope: Construct, id: string, props: MyAppsProps) {
    super(scope, id);
    const { git, names } = GitOpsTree.of(this);
    // The key of the merge: top-level parameters only, and `values` is one.
    const repository = { repoUrl: git.url, revision: git.revision, values: { folder: '{{.path.path}}' } };
    const files = (name: string): { path: string }[] => props.directories.map((path) => ({ path: `${path}/${name}` }));
    new ApplicationSet(new Manifest(this, `${argocdDirectory}/apps/my-apps-app.yaml`), 'my-apps', {
      metadata: {
        name: `${names.prefix}my-apps`,
        namespace: namespace.argocd,
        annotations: { ...syncWave(wave.apps), 'argocd.argoproj.io/sync-options': 'Prune=false' },
      },
      spec: {
        goTemplate: true,
        goTemplateOptions: ['missingkey=error'],
        generators: [
          {
            merge: {
              mergeKeys: ['values'],
              generators: [
                { git: { ...repository, directories: props.directories.map((path) => ({ path })) } },
                ...renderedBy.map((name) => ({ git: { ...repository, files: files(name) } })),
              ],
            },
          },
        ],
        syncPolicy: { preserveResourcesOnDeletion: true },
        template: applicationOf(git, names.prefix, props.project),
        // Only files have a name.
        templatePatch: `spec:\n  source:\n    path: '{{.path.path}}'\n    {{- if not (hasKey .path "filename")}}\n    directory: {recurse: true}\n    {{- end}}\n`,
      },
    });
  }
}

/** The Application of one folder. */
function applicationOf(git: GitSource, prefix: string, project: string): ApplicationSetSpecTemplate {
  return {
    metadata: { name: `${prefix}my-apps-{{.path.basenameNormalized}}` },
    spec: {
      project,
      source: { repoUrl: git.url, targetRevision: git.revision, path: '{{.path.path}}' },
      destination: { server: inCluster, namespace: '{{.path.basenameNormalized}}' },
      // The namespace of a folder of plain manifests need not be written. No RespectIgnoreDifferences: see syncOptions.
      syncPolicy: {
        automated: { prune: true, selfHeal: true },
        syncOptions: syncOptions.map((option) => option.replace('CreateNamespace=false', 'CreateNamespace=true')),
        retry,
      },
      revisionHistoryLimit: 3,
    },
  };
}
