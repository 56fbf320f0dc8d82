import { annotation, backupLabel } from '../../lib/model/naming';
import { madeByVolsync } from '../../lib/model/volsync-labels';
import type { Log } from '../log';
import { foreign, missing, unusedImage } from './incomplete';
import type { Kubernetes, KubernetesObject } from './kubernetes';
import { Obstacles } from './obstacles';

export interface RepairOptions {
  readonly kubernetes: Kubernetes;
  readonly log: Log;
  /** Label values of the tiers. */
  readonly labels: readonly string[];
  readonly excludedNamespaces: readonly string[];
  /** Time between two looks, in milliseconds. */
  readonly intervalMs: number;
}

/** A PVC that is to be touched, and why. */
interface Request {
  readonly pvc: KubernetesObject;
  readonly why: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** Requests to the API server at the same time. */
const atOnce = 8;
/** Looks that may fail one after another before the process ends and Kubernetes starts it anew. */
const mostFailures = 10;

/**
 * Looks at all labelled PVCs again and again, and asks Kyverno for what one lacks: it sets an annotation, and the repair policy generates what is missing.
 * Kyverno gives a generation up without a word where it comes too early or is killed, and an object that somebody deletes is nobody's event. The same
 * annotation makes VolSync look at a PVC whose restore is done: after errors it would wait for up to a quarter of an hour.
 *
 * What has a generated name and belongs to somebody else is said, and left alone.
 */
export class Repair {
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private failures = 0;
  private readonly obstacles: Obstacles;

  constructor(private readonly options: RepairOptions) {
    this.obstacles = new Obstacles(options.log);
  }

  /** @param giveUp called when too many looks failed one after another */
  start(giveUp: () => void): void {
    const again = (): void => {
      void this.look()
        .then(
          () => (this.failures = 0),
          (error: Error) => {
            this.failures += 1;
            this.options.log.warn('could not look for PVCs that lack something', { error: error.message, failures: this.failures });
          },
        )
        .then(() => {
          if (this.stopped) return;
          if (this.failures >= mostFailures) giveUp();
          else this.timer = setTimeout(again, this.options.intervalMs);
        });
    };
    again();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.options.kubernetes.close();
  }

  /** One look. @returns how many PVCs were asked for */
  async look(): Promise<number> {
    const { kubernetes, log, labels, excludedNamespaces } = this.options;
    const metadata = async (path: string): Promise<Map<string, KubernetesObject>> => byName(await kubernetes.listMetadata(path));
    const volsync = '/apis/volsync.backube/v1alpha1';
    const [all, externalSecrets, replicationSources, kopiaMaintenances, destinations] = await Promise.all([
      kubernetes.list(
        '/api/v1/persistentvolumeclaims',
        `labelSelector=${encodeURIComponent(`${backupLabel} in (${labels.join(',')}),${madeByVolsync.key}!=${madeByVolsync.value}`)}`,
      ),
      metadata('/apis/external-secrets.io/v1/externalsecrets'),
      metadata(`${volsync}/replicationsources`),
      metadata(`${volsync}/kopiamaintenances`),
      kubernetes.list(`${volsync}/replicationdestinations`),
    ]);
    const there = { externalSecrets, replicationSources, kopiaMaintenances, replicationDestinations: byName(destinations) };
    const now = Date.now();
    const pvcs = all.filter((pvc) => !excludedNamespaces.includes(pvc.metadata.namespace));
    this.obstacles.say(
      pvcs.flatMap((pvc) => foreign(pvc, there, now).map((each) => ({ namespace: pvc.metadata.namespace, pvc: pvc.metadata.name, ...each }))),
      now,
    );
    const queue = pvcs.flatMap((pvc): Request[] => {
      const lacks = missing(pvc, there, now);
      if (lacks.length > 0) return [{ pvc, why: 'asking Kyverno for what a PVC lacks', fields: { lacks: lacks.join(', ') } }];
      const restore = unusedImage(pvc, destinations, now);
      return restore === undefined ? [] : [{ pvc, why: 'asking VolSync to fill a PVC whose image is ready', fields: { restore } }];
    });
    const { length } = queue;
    const work = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const { namespace, name } = next.pvc.metadata;
        log.info(next.why, { namespace, pvc: name, ...next.fields });
        await kubernetes
          .annotate(`/api/v1/namespaces/${namespace}/persistentvolumeclaims/${name}`, annotation.repairRequestedAt, new Date().toISOString())
          .catch((error: Error) => log.warn('could not ask', { namespace, pvc: name, error: error.message }));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    return length;
  }
}

function byName(objects: readonly KubernetesObject[]): Map<string, KubernetesObject> {
  return new Map(objects.map((each) => [`${each.metadata.namespace}/${each.metadata.name}`, each]));
}
