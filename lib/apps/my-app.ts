import * as k8s from '../gitops/k8s';
import { Construct } from 'constructs';
import { labels } from '../gitops/labels';
import { Manifest } from '../gitops/manifest';
import { keepOnDelete } from '../gitops/sync-wave';
import { isDnsLabel } from '../model/kubernetes-name';
import { InputError } from '../model/problems';
import { BackedUpVolume, type BackedUpVolumeProps, type VolumeDefaults } from './backed-up-volume';

export interface MyAppProps {
  readonly defaults: VolumeDefaults;
}

/**
 * An application of a user: a folder `my-apps/<name>` and a namespace of the same name. The ApplicationSet finds the folder; there is nothing
 * to register.
 */
export class MyApp<Label extends string> extends Construct {
  readonly namespace: string;
  private readonly defaults: VolumeDefaults;

  /** @internal Made by `platform.app`. */
  constructor(
    scope: Construct,
    readonly name: string,
    props: MyAppProps,
  ) {
    super(scope, name);
    if (!isDnsLabel(name)) throw new InputError(`app "${name}": the name becomes a namespace; use 1 to 63 lower-case letters, digits and dashes`);
    if (props.defaults.excludedNamespaces.includes(name)) {
      throw new InputError(
        `app "${name}": the namespace ${name} is excluded from backups; choose another name, or take it out of excludedNamespaces`,
      );
    }
    this.namespace = name;
    this.defaults = props.defaults;
    new k8s.KubeNamespace(this.file('namespace.yaml'), 'namespace', { metadata: { name, labels: labels(name), annotations: { ...keepOnDelete } } });
  }

  /** A further file of the application, for whatever objects it has. */
  file(name: string): Manifest {
    return new Manifest(this, `my-apps/${this.name}/${name}`);
  }

  /** A volume that is backed up, and restored when it is created again. */
  volume(name: string, props: BackedUpVolumeProps<Label>): BackedUpVolume<Label> {
    return new BackedUpVolume(this.file(`${name}-pvc.yaml`), name, { ...props, name, namespace: this.namespace, defaults: this.defaults });
  }
}
