import { Construct } from 'constructs';
import {
  Application as ArgoApplication,
  type ApplicationSpecIgnoreDifferences,
  type ApplicationSpecSources,
  type ApplicationSpecSyncPolicy,
} from '../../imports/argoproj.io';
import { namespace } from '../model/naming';
import { InputError } from '../model/problems';
import { Manifest } from './manifest';
import { syncWave } from './sync-wave';
import { GitOpsTree } from './tree';

/** Folder of the Application manifests; together with its parent it belongs to the root Application. */
export const argocdDirectory = 'infrastructure/controllers/argocd';

/** The cluster that Argo CD itself runs in. */
export const inCluster = 'https://kubernetes.default.svc';

/** A Helm chart with its values, fetched by Argo CD. */
export interface ChartSource {
  readonly repo: string;
  readonly chart: string;
  /** Exact version. */
  readonly version: string;
  readonly releaseName: string;
  readonly values: Readonly<Record<string, unknown>>;
  /**
   * API versions that the chart is told the cluster has. Set where a template looks for CRDs of a later wave, so that a chart renders the
   * same on an empty cluster and on a full one. @default - those of the cluster
   */
  readonly apiVersions?: readonly string[];
}

export interface ApplicationProps {
  /** Name of the Application, without the prefix of the tree; its file is `<name>-app.yaml`. */
  readonly name: string;
  /** Sync wave among the Applications of the root, see `wave`. */
  readonly wave: number;
  /** Namespace of the chart's objects, and of objects of the folder that name none. It must be rendered in an earlier wave. */
  readonly namespace: string;
  /** AppProject. @default - that of the tree, `infrastructure` */
  readonly project?: string;
  /** @default - no chart */
  readonly chart?: ChartSource;
  /** Folder of the tree that this Application owns, with everything below it. @default - none */
  readonly directory?: string;
  /**
   * Delete objects that vanished from Git or from the chart. Off where a dropped CRD or controller would take volumes or backups along;
   * leftovers then show as OutOfSync, for a person to prune. @default true
   */
  readonly prune?: boolean;
  /** Fields that controllers write into objects of this Application. @default - none */
  readonly ignoreDifferences?: ApplicationSpecIgnoreDifferences[];
}

/**
 * Retries of a sync: without an end, at most three minutes apart, each with the newest commit (`refresh`).
 *
 * A sync that has used up its retries has failed for good: Argo CD does not try the same commit again, and a PVC that was refused while the store was away would
 * never be created.
 */
export const retry = { limit: -1, refresh: true, backoff: { duration: '5s', factor: 2, maxDuration: '3m' } } as const;

/** Sync options of every Application. No `RespectIgnoreDifferences`: with server-side apply it strips the ignored fields from what is applied. */
export const syncOptions = ['CreateNamespace=false', 'ServerSideApply=true', 'FailOnSharedResource=true'];

/**
 * One Argo CD Application: a chart, a folder of the tree, or both in one sync.
 *
 * It has no cascade finalizer and is itself never pruned: deleting a file must not uninstall storage.
 */
export class Application extends Construct {
  readonly name: string;
  readonly wave: number;
  /** The folder of the tree that it owns. */
  readonly directory: string | undefined;
  /** Repositories that its AppProject must allow. */
  readonly repositories: readonly string[];
  readonly project: string;

  constructor(scope: Construct, id: string, props: ApplicationProps) {
    super(scope, id);
    const { git, names } = GitOpsTree.of(this);
    if (props.chart === undefined && props.directory === undefined) throw new InputError(`Application ${props.name} has neither chart nor directory`);

    this.name = `${names.prefix}${props.name}`;
    this.wave = props.wave;
    this.directory = props.directory;
    this.project = props.project ?? names.project;

    const sources: ApplicationSpecSources[] = [];
    if (props.chart !== undefined) {
      const { repo, chart, version, releaseName, values, apiVersions } = props.chart;
      const helm = { releaseName, valuesObject: values, apiVersions: apiVersions && [...apiVersions] };
      sources.push({ repoUrl: repo, chart, targetRevision: version, helm });
    }
    if (props.directory !== undefined) {
      sources.push({ repoUrl: git.url, targetRevision: git.revision, path: inRepository(git.path, props.directory), directory: { recurse: true } });
    }
    this.repositories = sources.map((source) => source.repoUrl);

    new ArgoApplication(new Manifest(this, `${argocdDirectory}/apps/${props.name}-app.yaml`), 'application', {
      metadata: {
        name: this.name,
        namespace: namespace.argocd,
        annotations: { ...syncWave(props.wave), 'argocd.argoproj.io/sync-options': 'Prune=false', ...manifestPaths(git.path, props.directory) },
      },
      spec: {
        project: this.project,
        destination: { server: inCluster, namespace: props.namespace },
        sources,
        syncPolicy: syncPolicy(props.prune ?? true),
        revisionHistoryLimit: 3,
        ignoreDifferences: props.ignoreDifferences,
      },
    });
  }
}

/** Path of a folder of the tree in the Git repository. */
export function inRepository(root: string, directory: string): string {
  return root === '' ? directory : `${root}/${directory}`;
}

/** Lets Argo CD render an Application again only when its own folder changed. */
function manifestPaths(root: string, directory: string | undefined): Record<string, string> {
  return directory === undefined ? {} : { 'argocd.argoproj.io/manifest-generate-paths': `/${inRepository(root, directory)}` };
}

function syncPolicy(prune: boolean): ApplicationSpecSyncPolicy {
  return { automated: { prune, selfHeal: true }, syncOptions, retry };
}
