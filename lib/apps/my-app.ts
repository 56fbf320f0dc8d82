import * as k8s from '../gitops/k8s';
import { Construct } from 'constructs';
import { labels } from '../gitops/labels';
import { Manifest } from '../gitops/manifest';
import { keepOnDelete } from '../gitops/sync-wave';
import { KubernetesName } from '../model/kubernetes-name';
import { InputError, placed } from '../model/problems';
import { BackedUpVolume, type BackedUpVolumeProps, type VolumeDefaults } from './backed-up-volume';

export interface MyAppProps {
  readonly defaults: VolumeDefaults;
}

/**
 * An application of a user: a folder `my-apps/<name>` and a namespace of the same name. The ApplicationSet finds the folder; there is nothing
 * to register.
 */
export class MyApp<Label extends string> extends Construct {
  private readonly namespaceName: KubernetesName;
  private readonly defaults: VolumeDefaults;

  /** @internal Made by `platform.app`. */
  constructor(
    scope: Construct,
    readonly name: string,
    props: MyAppProps,
  ) {
    super(scope, name);
    this.namespaceName = placed(`app "${name}"`, () => KubernetesName.ofNamespace(name));
    if (props.defaults.excludedNamespaces.includes(name)) {
      throw new InputError(
        `app "${name}": the namespace ${name} is excluded from backups; choose another name, or take it out of excludedNamespaces`,
      );
    }
    this.defaults = props.defaults;
    new k8s.KubeNamespace(this.file('namespace.yaml'), 'namespace', { metadata: { name, labels: labels(name), annotations: { ...keepOnDelete } } });
  }

  /** Name of its namespace. */
  get namespace(): string {
    return this.namespaceName.toString();
  }

  /** A further file of the application, for whatever objects it has. */
  file(name: string): Manifest {
    return new Manifest(this, `my-apps/${this.name}/${name}`);
  }

  /** A volume that is backed up, and restored when it is created again. */
  volume(name: string, props: BackedUpVolumeProps<Label>): BackedUpVolume<Label> {
    return new BackedUpVolume(this.file(`${name}-pvc.yaml`), name, { ...props, name, namespace: this.namespaceName, defaults: this.defaults });
  }
}
