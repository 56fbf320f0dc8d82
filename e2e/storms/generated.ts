import { Informers } from '../harness/informer';
import type { KubeObject } from '../harness/api';
import { kinds, decisionOf } from '../harness/pvc';
import { sleep } from '../harness/waiting';
import type { Cluster } from '../harness/cluster';

const everyMs = 250;

/** When the resources that Kyverno generates for PVCs were there, seen by watches: asking for them would be a load of its own. */
export interface Generation {
  readonly wanted: number;
  /** Milliseconds until nine tenths were there; undefined where they never were. */
  readonly mostMs: number | undefined;
  readonly allMs: number | undefined;
  /** What is missing at the end: kind and PVC. */
  readonly missing: readonly string[];
}

export class GenerationWatch {
  private readonly seen: Informers;

  constructor({ api }: Cluster) {
    this.seen = new Informers(api);
    this.missing([]);
  }

  /**
   * Looks until everything is there.
   *
   * @param admitted the PVCs that are admitted by now
   * @param begun where the times count from, of `performance.now()`
   * @param loaded resolves when no other PVC will be admitted
   * @param patienceMs how long it waits after that
   */
  async until(admitted: () => readonly KubeObject[], begun: number, loaded: Promise<unknown>, patienceMs: number): Promise<Generation> {
    const steps: { readonly ms: number; readonly present: number }[] = [];
    let deadline = Infinity;
    void loaded.then(() => (deadline = performance.now() + patienceMs));
    for (;;) {
      // What was known before the PVCs were asked for: the last one's answer may come meanwhile.
      const complete = deadline < Infinity;
      const live = admitted();
      const missing = this.missing(live);
      const wanted = live.flatMap(wantedOf).length;
      const ms = performance.now() - begun;
      steps.push({ ms, present: wanted - missing.length });
      if (complete && (missing.length === 0 || performance.now() > deadline)) {
        const mostMs = steps.find(({ present }) => present >= 0.9 * wanted)?.ms;
        return { wanted, mostMs, allMs: missing.length === 0 ? ms : undefined, missing };
      }
      await sleep(everyMs);
    }
  }

  stop(): Promise<void> {
    return this.seen.stop();
  }

  private missing(live: readonly KubeObject[]): string[] {
    const owners = new Map(
      Object.values(kinds).map((each) => [
        each.kind as string,
        new Set(
          this.seen
            .of(each)
            .list()
            .flatMap(({ metadata }) => metadata.ownerReferences?.map(({ uid }) => uid) ?? []),
        ),
      ]),
    );
    return live.flatMap((each) =>
      wantedOf(each)
        .filter((kind) => owners.get(kind)?.has(each.metadata.uid ?? '') !== true)
        .map((kind) => `${kind} of ${each.metadata.namespace}/${each.metadata.name}`),
    );
  }
}

/** Kinds that a PVC gets. */
function wantedOf(live: KubeObject): string[] {
  return Object.values(kinds)
    .map(({ kind }) => kind)
    .filter((kind) => kind !== kinds.destination.kind || decisionOf(live) === 'restore');
}
