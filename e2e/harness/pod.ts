import { chmodSync, chownSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Api, KubeObject } from './api';
import { Container, containerFolder, type Mount } from './container';
import { output } from './copies';
import { type EnvOfContainer, environmentOf, expanded } from './container-env';
import { type ChangePolicy, giveToGroup } from './fs-group';
import { bytesOf } from './quantity';
import type { Volumes } from './volumes';
import { sleep } from './waiting';

/** What a mover was when it had ended, for scenarios that count and look. */
export interface Run {
  readonly namespace: string;
  readonly pod: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly exitCode: number;
  readonly evicted: boolean;
  readonly log: readonly string[];
  /** The most that each emptyDir with a limit held when it was looked at, in bytes. */
  readonly peaks: Readonly<Record<string, number>>;
}

/** One Pod with its volumes at hand, from its start to its end. */
export class PodRun {
  /**
   * Sees to the volumes and the environment of a Pod.
   *
   * @param hooks of the container's `kopia`
   * @returns undefined while something that it needs is not there
   */
  static async prepare(api: Api, volumes: Volumes, pod: KubeObject, hooks: string): Promise<PodRun | undefined> {
    const { namespace = '', name, uid } = pod.metadata;
    const spec = pod['spec'] as PodSpec;
    const [container] = spec.containers;
    if (container === undefined) return undefined;
    const claims = (spec.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
    for (const claim of claims) if (!(await volumes.mayBeMounted(namespace, claim))) return undefined;
    const env = await environmentOf(api, { namespace, name }, container);
    if (env === undefined) return undefined;
    const { securityContext: ofPod = {} } = spec;
    const ofContainer = container.securityContext ?? {};
    const user = {
      uid: ofContainer.runAsUser ?? ofPod.runAsUser ?? 0,
      gid: ofContainer.runAsGroup ?? ofPod.runAsGroup ?? 0,
      groups: [...(ofPod.supplementalGroups ?? []), ...(ofPod.fsGroup === undefined ? [] : [ofPod.fsGroup])],
    };
    if (user.uid === 0 && (ofContainer.runAsNonRoot ?? ofPod.runAsNonRoot) === true) {
      throw new ConfigError(`${namespace}/${name}: container has runAsNonRoot and would run as root`);
    }
    const box = `${namespace}-${name}-${uid}`;
    const folders = new Map<string, string>();
    const limits = new Map<string, { readonly folder: string; readonly bytes: number; readonly text: string }>();
    for (const each of spec.volumes ?? []) {
      if (each.persistentVolumeClaim !== undefined) {
        const folder = await volumes.folderOf(namespace, each.persistentVolumeClaim.claimName);
        if (ofPod.fsGroup !== undefined && each.persistentVolumeClaim.readOnly !== true)
          await giveToGroup(folder, ofPod.fsGroup, ofPod.fsGroupChangePolicy);
        folders.set(each.name, folder);
      } else if (each.emptyDir !== undefined) {
        const folder = emptyDir(box, each.name, ofPod.fsGroup);
        folders.set(each.name, folder);
        const text = each.emptyDir.sizeLimit;
        if (text !== undefined) limits.set(each.name, { folder, bytes: bytesOf(text), text });
      } else if (each.projected !== undefined) {
        // The account's token; nothing in a mover talks to the API server.
        folders.set(each.name, emptyDir(box, each.name, ofPod.fsGroup));
      } else throw new ConfigError(`${namespace}/${name}: the harness has no volumes of the kind of "${each.name}"`);
    }
    const mounts = (container.volumeMounts ?? [])
      .map(({ name: of, mountPath, readOnly }): Mount => ({ from: folders.get(of) ?? '', to: mountPath, readOnly: readOnly === true }))
      .toSorted((a, b) => a.to.split('/').length - b.to.split('/').length);
    const command = [...(container.command ?? []), ...(container.args ?? [])].map((part) => expanded(part, env));
    const inside = new Container({
      name: box,
      hostname: name,
      command,
      env,
      user,
      capabilities: capabilitiesOf(ofContainer),
      readOnlyRoot: ofContainer.readOnlyRootFilesystem === true,
      mounts,
      hooks,
    });
    return new PodRun(pod, inside, box, limits);
  }

  readonly log: string[] = [];
  private evicted: string | undefined;
  private readonly peaks: Record<string, number> = {};

  private constructor(
    readonly pod: KubeObject,
    readonly container: Container,
    private readonly box: string,
    private readonly limits: ReadonlyMap<string, { readonly folder: string; readonly bytes: number; readonly text: string }>,
  ) {}

  /** Runs it to its end. @param told is called with each status, the last one included */
  async live(told: (status: object) => Promise<void>): Promise<Run> {
    const { namespace = '', name, labels = {} } = this.pod.metadata;
    const [container] = (this.pod['spec'] as PodSpec).containers;
    const startTime = seconds();
    const status = (phase: string, state: object): object => ({
      phase,
      startTime,
      containerStatuses: [{ name: container?.name, image: container?.image, imageID: container?.image, ready: false, restartCount: 0, state }],
    });
    await told(status('Running', { running: { startedAt: startTime } }));
    const ended = this.container.run((line) => void this.log.push(line));
    const watched = this.watchLimits();
    const exitCode = await ended;
    await watched;
    const reason = exitCode === 0 ? 'Completed' : 'Error';
    const last = status(exitCode === 0 && this.evicted === undefined ? 'Succeeded' : 'Failed', {
      terminated: { exitCode, reason, startedAt: startTime, finishedAt: seconds() },
    });
    await told(this.evicted === undefined ? last : { ...last, ...eviction(this.evicted) });
    rmSync(containerFolder(this.box), { recursive: true, force: true });
    return { namespace, pod: name, labels, exitCode, evicted: this.evicted !== undefined, log: this.log, peaks: this.peaks };
  }

  /** Kills a Pod one of whose emptyDirs holds more than it may, until it has ended. */
  private async watchLimits(): Promise<void> {
    if (this.limits.size === 0) return;
    const ended = this.container.dead.then(() => true);
    do {
      for (const [name, { folder, bytes, text }] of this.limits) {
        const used = Number((await output('du', ['-sk', folder]).catch(() => '0')).split('\t')[0]) * 1024;
        this.peaks[name] = Math.max(this.peaks[name] ?? 0, used);
        if (used <= bytes) continue;
        this.evicted = `Usage of EmptyDir volume "${name}" exceeds the limit "${text}".`;
        this.container.kill();
      }
    } while (!(await Promise.race([ended, sleep(1000).then(() => false)])));
  }
}

/** The kubelet does not start such a Pod, and says why in its status. */
export class ConfigError extends Error {}

function eviction(message: string): object {
  const conditions = [{ type: 'DisruptionTarget', status: 'True', reason: 'TerminationByKubelet', message, lastTransitionTime: seconds() }];
  return { reason: 'Evicted', message, conditions };
}

function emptyDir(box: string, name: string, fsGroup: number | undefined): string {
  const path = join(containerFolder(box), 'volumes', name);
  mkdirSync(path, { recursive: true });
  chmodSync(path, 0o777);
  if (fsGroup !== undefined) {
    chownSync(path, 0, fsGroup);
    chmodSync(path, 0o2777);
  }
  return path;
}

/** What a container's runtime gives to a container that asks for nothing. */
const usual = 'CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL AUDIT_WRITE'.split(' ');

function capabilitiesOf({ capabilities: { add = [], drop = [] } = {} }: ContainerSecurity): string[] {
  const plain = (name: string): string => name.toUpperCase().replace(/^CAP_/, '');
  const dropped = new Set(drop.map(plain));
  const kept = dropped.has('ALL') ? [] : usual.filter((name) => !dropped.has(name));
  return [...new Set([...kept, ...add.map(plain)])];
}

function seconds(): string {
  return new Date().toISOString().replace(/\.\d+/, '');
}

interface ContainerSecurity {
  readonly runAsUser?: number;
  readonly runAsGroup?: number;
  readonly runAsNonRoot?: boolean;
  readonly readOnlyRootFilesystem?: boolean;
  readonly capabilities?: { readonly add?: readonly string[]; readonly drop?: readonly string[] };
}

interface ContainerSpec extends EnvOfContainer {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly command?: readonly string[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string; readonly readOnly?: boolean }[];
  readonly securityContext?: ContainerSecurity;
}

export interface PodSpec {
  readonly containers: readonly ContainerSpec[];
  readonly volumes?: readonly {
    readonly name: string;
    readonly persistentVolumeClaim?: { readonly claimName: string; readonly readOnly?: boolean };
    readonly projected?: object;
    readonly emptyDir?: { readonly sizeLimit?: string; readonly medium?: string };
  }[];
  readonly securityContext?: {
    readonly runAsUser?: number;
    readonly runAsGroup?: number;
    readonly runAsNonRoot?: boolean;
    readonly fsGroup?: number;
    readonly fsGroupChangePolicy?: ChangePolicy;
    readonly supplementalGroups?: readonly number[];
  };
}
