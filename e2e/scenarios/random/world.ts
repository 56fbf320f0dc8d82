import type { Api, KubeObject } from '../../harness/api';
import type { ControlPlane } from '../../harness/control-plane';
import type { Kyverno } from '../../harness/kyverno';
import type { PlumberEndpoint } from '../../harness/plumber-endpoint';
import type { PvcRef } from '../../../lib/model/naming';

/** What may be wrong with the store for a while. */
export type StoreFault = 'down' | 'slow' | 'empty' | 'another' | 'without its bucket';

/** What a history touches of a cluster. */
export interface Surroundings {
  readonly api: Pick<Api, 'create' | 'patch' | 'delete' | 'find' | 'list'>;
  readonly plumberEndpoint: Pick<PlumberEndpoint, 'takeOver' | 'restart' | 'close' | 'listen'>;
  readonly kyverno: Pick<Kyverno, 'stop' | 'start' | 'stopBackground' | 'restartBackground'>;
  readonly plane: Pick<ControlPlane, 'restartApiServer'>;
  /** Makes a namespace. @returns its name */
  namespace(name: string): Promise<string>;
}

/**
 * Where histories are played: a cluster, and what its volumes and its store hold. What a volume or a backup holds is a version: each write of the application is
 * the next one, and 0 is an empty volume.
 */
export interface World {
  readonly cluster: Surroundings;
  /** Environment of pvc-plumber, beside that of its Deployment. */
  readonly plumberEnvironment: Readonly<Record<string, string>>;
  versionOf(volume: KubeObject): number;
  /** The application writes into a bound PVC. */
  write(claim: KubeObject, version: number): Promise<void>;
  /** @returns whether a complete backup of what the volume holds was made; false also where nobody can tell */
  backUp(claim: KubeObject): Promise<boolean>;
  /** Version of the newest complete backup in the right store. Of a backup of which nobody can tell whether it was made, it may be one less. */
  newestBackup(claim: PvcRef): number | undefined;
  /** Takes the file data of a PVC's backups away, as a store does that loses a disk. @returns whether there was any */
  loseData(claim: PvcRef): boolean;
  /** A volume that a person makes by hand. */
  makeVolume(handle: string): Promise<void>;
  /** What can be wrong with its store. */
  readonly storeFaults: readonly StoreFault[];
  /** @returns ends the fault */
  disturbStore(fault: StoreFault): Promise<() => Promise<void>>;
  /** Forgets what a history left. */
  forget(claim: PvcRef): void;
  stop(): Promise<void>;
}
