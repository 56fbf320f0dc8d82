import { Construct } from 'constructs';
import { charts, images, type ChartName } from '../versions';
import { MyApp } from './apps/my-app';
import { AdmissionPolicies } from './admission/api-server/admission-policies';
import { treeProblems } from './checks/tree-problems';
import { MyApps } from './gitops/app-set';
import { Application, inRepository, type ApplicationProps, type ComponentChart } from './gitops/application';
import { ArgoCdConfig } from './gitops/argocd-config';
import { checkOwnership } from './gitops/ownership';
import { projectsOf } from './gitops/platform-projects';
import { RootApplication } from './gitops/root-application';
import { GitOpsTree } from './gitops/tree';
import { Kyverno } from './kyverno/kyverno';
import { requestedPvcValues } from './admission/kyverno/pvc-expressions';
import { BackupTier } from './model/tier';
import type { AlertGroup } from './monitoring/alert';
import { AlertRules } from './monitoring/alert-rules';
import { isInStore } from './monitoring/receiver';
import { Monitoring } from './monitoring/monitoring';
import { Namespaces, type PodSecurity } from './namespaces/namespaces';
import { platformNamespaces } from './namespaces/platform-namespaces';
import { protectionOf } from './protection/protection';
import { PvcPlumber } from './pvc-plumber/pvc-plumber';
import { ExternalSecrets } from './secrets/external-secrets';
import { OnePasswordConnect } from './secrets/onepassword-connect';
import { componentChart } from './site/component-chart';
import { runbookBase } from './site/runbook-base';
import { backedUpStorage } from './site/backed-up-storage';
import type { Site } from './site/schema';
import { Longhorn } from './storage/longhorn';
import { SnapshotController } from './storage/snapshot-controller';
import { VolSync } from './volsync/volsync';

export interface PlatformProps {
  readonly site: Site;
  /** Source text of the bundled pvc-plumber. */
  readonly plumberBundle: string;
  /** The script that runs VolSync's entry script in a mover, `lib/volsync/mover.sh`. */
  readonly moverScript: string;
}

const nodeImage = `${images.node.repository}:${images.node.tag}`;

/**
 * Every component of the system in wave order, and the places where a person adds to it.
 *
 * @typeParam Label the site's tier labels, so that a volume can't be given one that does not exist
 */
export class Platform<Label extends string = string> extends Construct {
  private readonly site: Site;
  private readonly applications: Application[] = [];
  private readonly tiers: readonly BackupTier[];
  /** No `Label[]`: a platform with more tiers is taken wherever one with fewer is wanted. */
  private readonly labels: readonly string[];
  private readonly namespaces: Namespaces;

  /** @internal Made by `synth`. */
  constructor(tree: GitOpsTree, props: PlatformProps) {
    super(tree, 'platform');
    this.site = props.site;
    this.tiers = props.site.tiers.map(BackupTier.of);
    this.labels = this.tiers.map(({ label }) => label.toString());

    new RootApplication(this, 'root');
    if (props.site.argocdConfig) new ArgoCdConfig(this, 'argocd-config');
    this.namespaces = new Namespaces(this, 'namespaces', { namespaces: platformNamespaces(props.site) });
    this.addAdmissionPolicies();
    this.addSecrets();
    this.addStorage();
    this.addPlumber(props.plumberBundle);
    this.addKyverno(props.moverScript);
    this.addMonitoring();
    if (props.site.myApps.install) new MyApps(this, 'my-apps', { directories: this.appDirectories(), project: props.site.projects.myApps });
    checkOwnership(this, this.applications);
    const { excludedNamespaces, optIn } = props.site;
    tree.addCheck(() => this.applications.flatMap(({ overrideProblems }) => overrideProblems));
    tree.addCheck((files) => treeProblems(files, tree.git, { labels: this.labels, excludedNamespaces, optIn }, foreignProjects(props.site)));
  }

  /** Adds an application of a user, see {@link MyApp}. */
  app(name: string): MyApp<Label> {
    const { storage, excludedNamespaces } = this.site;
    return new MyApp(this.group('apps'), name, { defaults: { storageClass: storage.storageClass, tiers: this.tiers, excludedNamespaces } });
  }

  /** Adds a further Application of the platform. Its namespace is made too when a Pod Security level is given. */
  application(props: ApplicationProps, podSecurity?: PodSecurity): Application {
    if (podSecurity !== undefined) this.namespaces.add(props.namespace, podSecurity);
    const application = new Application(this.group('applications'), props.name, props);
    this.applications.push(application);
    return application;
  }

  /** Adds alerts, in a file `<name>.yaml` of their own beside the system's. Each needs a runbook `<alert>.md`. */
  alerts(name: string, groups: readonly AlertGroup[]): AlertRules {
    const { prometheusNamespace: namespace, alerts: choices } = this.site.monitoring;
    return new AlertRules(this.group('alerts'), name, { name, namespace, groups, runbookBase: runbookBase(this.site), choices });
  }

  /** Makes the projects, which must list what everything else uses. Called once, when nothing more is added. */
  complete(): void {
    if (this.namespaces.application !== undefined) this.applications.push(this.namespaces.application);
    const { git, excludedNamespaces, projects, myApps } = this.site;
    if (!projects.install) return;
    const { infrastructure, monitoring } = projects;
    projectsOf(this.group('projects'), {
      names: { infrastructure, monitoring, myApps: myApps.install ? projects.myApps : undefined },
      git,
      excludedNamespaces,
      applications: this.applications,
      stack: charts.prometheusStack.repo,
    });
  }

  private addAdmissionPolicies(): void {
    const { excludedNamespaces, mover, optIn } = this.site;
    this.add(new AdmissionPolicies(this, 'backstop', { labels: this.labels, excludedNamespaces, mover, optIn, ...backedUpStorage(this.site) }));
  }

  private addSecrets(): void {
    const { onepassword, ownSecret, externalSecrets, monitoring } = this.site;
    const { receiver, prometheusNamespace } = monitoring;
    const readers = receiver !== undefined && isInStore(receiver) ? [prometheusNamespace] : [];
    if (onepassword?.install === true)
      this.add(new OnePasswordConnect(this, 'onepassword', { chart: componentChart(this.site, 'onepasswordConnect') }));
    const chart = this.chartIf(externalSecrets.install, 'externalSecrets');
    this.add(new ExternalSecrets(this, 'external-secrets', { ...chart, onepassword, ownSecret, readers }));
  }

  private addStorage(): void {
    const { longhorn, snapshotController, storage, volsync } = this.site;
    if (longhorn.install)
      this.add(new Longhorn(this, 'longhorn', { chart: componentChart(this.site, 'longhorn'), replicas: storage.replicas, image: nodeImage }));
    if (snapshotController.install)
      this.add(
        new SnapshotController(this, 'snapshot-controller', { chart: componentChart(this.site, 'snapshotController'), nodes: this.site.nodes }),
      );
    this.add(new VolSync(this, 'volsync', { ...this.chartIf(volsync.install, 'volsync'), site: this.site, image: images.volsync }));
  }

  private addPlumber(bundle: string): void {
    const { image } = this.site.plumber;
    this.add(
      new PvcPlumber(this, 'pvc-plumber', {
        ...this.site,
        program: image === undefined ? { bundle, nodeImage } : { image },
        labels: this.labels,
      }),
    );
  }

  private addKyverno(moverScript: string): void {
    const { excludedNamespaces, optIn, mover, storage, kyvernoSecretAccess: secretAccess, otherPvcPolicies } = this.site;
    const pvc = requestedPvcValues({ mover, storage });
    this.add(
      new Kyverno(this, 'kyverno', {
        ...this.chartIf(this.site.kyverno.install, 'kyverno'),
        nodes: this.site.nodes,
        scope: { labels: this.labels, excludedNamespaces, optIn },
        resources: protectionOf(pvc, this.site, this.tiers),
        moverScript,
        secretAccess,
        otherPvcPolicies,
      }),
    );
  }

  private addMonitoring(): void {
    this.add(
      new Monitoring(this, 'monitoring', {
        ...this.chartIf(this.site.monitoring.prometheusStack, 'prometheusStack'),
        site: this.site,
        project: this.site.projects.monitoring,
        runbookBase: runbookBase(this.site),
      }),
    );
  }

  private add({ application }: { readonly application: Application | undefined }): void {
    if (application !== undefined) this.applications.push(application);
  }

  /** A scope of its own for what a person adds, so that names can't clash with the components'. */
  private group(id: string): Construct {
    return (this.node.tryFindChild(id) as Construct | undefined) ?? new Construct(this, id);
  }

  /** The chart of a component that the tree installs; nothing for one that is there already. */
  private chartIf(install: boolean, name: ChartName): { readonly chart?: ComponentChart } {
    return install ? { chart: componentChart(this.site, name) } : {};
  }

  private appDirectories(): readonly string[] {
    return this.site.myApps.directories ?? [...new Set([inRepository(this.site.git.path, 'my-apps/*'), 'my-apps/*'])];
  }
}

/** Projects that the cluster has already: what they permit can't be looked at here. */
const foreignProjects = ({ projects: { install, infrastructure, monitoring, myApps } }: Site): string[] =>
  install ? [] : [infrastructure, monitoring, myApps];
