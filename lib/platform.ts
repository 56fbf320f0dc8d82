import { Construct } from 'constructs';
import { charts, images, type ChartName } from '../versions';
import { MyApp } from './apps/my-app';
import { AdmissionPolicies } from './admission/api-server/admission-policies';
import { treeProblems } from './checks/tree-problems';
import { MyApps } from './gitops/app-set';
import { Application, inRepository, type ApplicationProps, type ChartSource } from './gitops/application';
import { ArgoCdConfig } from './gitops/argocd-config';
import { checkOwnership } from './gitops/ownership';
import { project, projectsOf } from './gitops/platform-projects';
import { RootApplication } from './gitops/root-application';
import { GitOpsTree } from './gitops/tree';
import { Kyverno } from './kyverno/kyverno';
import { requestedPvcValues } from './admission/kyverno/pvc-expressions';
import { longhornDriver } from './model/naming';
import { ObjectStore } from './model/object-store';
import { Size } from './model/size';
import { BackupTier } from './model/tier';
import type { AlertGroup } from './monitoring/alert';
import { AlertRules } from './monitoring/alert-rules';
import { Monitoring } from './monitoring/monitoring';
import { Namespaces, type PodSecurity } from './namespaces/namespaces';
import { platformNamespaces } from './namespaces/platform-namespaces';
import { protectionOf } from './protection/protection';
import { PvcPlumber } from './pvc-plumber/pvc-plumber';
import { ExternalSecrets } from './secrets/external-secrets';
import { OnePasswordConnect } from './secrets/onepassword-connect';
import { runbookBase } from './site/runbook-base';
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
    this.namespaces = new Namespaces(this, 'namespaces', { namespaces: platformNamespaces(props.site.monitoring) });
    this.add(this.namespaces);
    this.addAdmissionPolicies();
    this.addSecrets();
    this.addStorage();
    this.addPlumber(props.plumberBundle);
    this.addKyverno(props.moverScript);
    this.addMonitoring();
    new MyApps(this, 'my-apps', { directories: this.appDirectories(), project: project.myApps });
    checkOwnership(this, this.applications);
    tree.addCheck((files) => treeProblems(files, tree.git, { labels: this.labels, excludedNamespaces: props.site.excludedNamespaces }));
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
    return new AlertRules(this.group('alerts'), name, { name, groups, runbookBase: runbookBase(this.site), choices: this.site.monitoring.alerts });
  }

  /** Makes the projects, which must list what everything else uses. Called once, when nothing more is added. */
  complete(): void {
    const { git, excludedNamespaces } = this.site;
    projectsOf(this.group('projects'), { git, excludedNamespaces, applications: this.applications, stack: charts.prometheusStack.repo });
  }

  private addAdmissionPolicies(): void {
    const { excludedNamespaces, storage, mover } = this.site;
    const { storageClass } = storage;
    this.add(new AdmissionPolicies(this, 'backstop', { labels: this.labels, excludedNamespaces, storageClass, drivers: [longhornDriver], mover }));
  }

  private addSecrets(): void {
    this.add(new OnePasswordConnect(this, 'onepassword', { chart: this.chart('onepasswordConnect') }));
    this.add(new ExternalSecrets(this, 'external-secrets', { chart: this.chart('externalSecrets'), ...this.site.onepassword }));
  }

  private addStorage(): void {
    this.add(new Longhorn(this, 'longhorn', { chart: this.chart('longhorn'), replicas: this.site.storage.replicas, image: nodeImage }));
    this.add(new SnapshotController(this, 'snapshot-controller', { chart: this.chart('snapshotController') }));
    const { chartRepository, image } = this.site.volsync;
    this.add(
      new VolSync(this, 'volsync', {
        chart: { ...this.chart('volsync'), repo: chartRepository ?? charts.volsync.repo },
        image: image === undefined ? images.volsync : { image },
        snapshotClass: this.site.storage.snapshotClass,
      }),
    );
  }

  private addPlumber(bundle: string): void {
    const { s3, onepassword, plumber } = this.site;
    this.add(
      new PvcPlumber(this, 'pvc-plumber', {
        program: plumber.image === undefined ? { bundle, nodeImage } : { image: plumber.image },
        replicas: plumber.replicas,
        warmUp: plumber.warmUp,
        store: ObjectStore.of(s3.endpoint, s3.bucket),
        podPort: s3.podPort,
        previous: s3.previous.map((each) => ObjectStore.of(each.endpoint, each.bucket)),
        region: s3.region,
        storeId: s3.storeId,
        prometheusNamespace: this.site.monitoring.prometheusNamespace,
        labels: this.labels,
        excludedNamespaces: this.site.excludedNamespaces,
        onepassword,
      }),
    );
  }

  private addKyverno(moverScript: string): void {
    const { excludedNamespaces, mover, storage, kyvernoSecretAccess: secretAccess, otherPvcPolicies } = this.site;
    const pvc = requestedPvcValues({ mover, storageClass: storage.storageClass });
    this.add(
      new Kyverno(this, 'kyverno', {
        chart: this.chart('kyverno'),
        scope: { labels: this.labels, excludedNamespaces },
        resources: protectionOf(pvc, this.site, this.tiers),
        moverScript,
        secretAccess,
        otherPvcPolicies,
      }),
    );
  }

  private addMonitoring(): void {
    const { prometheusStack, prometheusVolume: size, controlPlane } = this.site.monitoring;
    this.add(
      new Monitoring(this, 'monitoring', {
        chart: prometheusStack ? this.chart('prometheusStack') : undefined,
        volume: size === undefined ? undefined : { storageClass: this.site.storage.storageClass, size: Size.of(size) },
        controlPlane,
        project: project.monitoring,
        tiers: this.tiers,
        runbookBase: runbookBase(this.site),
        choices: this.site.monitoring,
        store: this.site.onepassword.store,
      }),
    );
  }

  private add(component: { readonly application: Application }): void {
    this.applications.push(component.application);
  }

  /** A scope of its own for what a person adds, so that names can't clash with the components'. */
  private group(id: string): Construct {
    return (this.node.tryFindChild(id) as Construct | undefined) ?? new Construct(this, id);
  }

  private chart(name: ChartName): Pick<ChartSource, 'repo' | 'chart' | 'version'> {
    return { ...charts[name], version: this.site.versions[name] ?? charts[name].version };
  }

  private appDirectories(): readonly string[] {
    return this.site.myApps?.directories ?? [...new Set([inRepository(this.site.git.path, 'my-apps/*'), 'my-apps/*'])];
  }
}
