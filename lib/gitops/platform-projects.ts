import type { Construct } from 'constructs';
import { namespace } from '../model/naming';
import type { Application } from './application';
import { Project } from './projects';
import type { GitSource } from './tree';

/** Names of the projects. */
export interface ProjectNames {
  readonly infrastructure: string;
  readonly monitoring: string;
  /** @default - none: nothing of the users' applications is rendered */
  readonly myApps?: string;
}

interface ProjectsOptions {
  readonly names: ProjectNames;
  readonly git: Pick<GitSource, 'url'>;
  readonly excludedNamespaces: readonly string[];
  /** Everything that the projects have to permit. */
  readonly applications: readonly Application[];
  /** Chart repository of the monitoring stack. */
  readonly stack: string;
}

/** Makes the projects of the platform and of the users. */
export function projectsOf(scope: Construct, { names: project, git, excludedNamespaces, applications, stack }: ProjectsOptions): void {
  const own = (name: string): string[] => applications.filter((app) => app.project === name).flatMap((app) => app.repositories);
  new Project(scope, 'infrastructure', {
    name: project.infrastructure,
    description: 'What backups and restores need',
    repositories: [git.url, ...own(project.infrastructure)],
  });
  new Project(scope, 'monitoring', {
    name: project.monitoring,
    description: 'Alerts and dashboards',
    // The chart's also without the chart: the project changes first, and an operation of the Application that still runs would be refused.
    repositories: [git.url, stack, ...own(project.monitoring)],
  });
  if (project.myApps === undefined) return;
  new Project(scope, 'my-apps', {
    name: project.myApps,
    description: 'Applications of the users',
    repositories: [git.url],
    // A labelled volume in an excluded one would not be backed up, and whoever writes into the platform's own is its administrator.
    deniedNamespaces: [...new Set([...excludedNamespaces, ...Object.values(namespace)])],
    clusterKinds: [{ group: '', kind: 'Namespace' }],
    // An Application could name another project, and with it every right.
    deniedKinds: [{ group: 'argoproj.io', kind: '*' }],
  });
}
