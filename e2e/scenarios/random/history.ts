import { backupLabel, annotation, type PvcRef } from '../../../lib/model/naming';
import type { KubeObject, Reply } from '../../harness/api';
import type { World } from './world';
import type { Faults } from './faults';

export const tiers = ['hourly', 'daily'];

/** What was done and seen over all histories. */
export class Counts {
  readonly steps = new Map<string, number>();
  readonly refusals = new Map<string, number>();
  histories = 0;
  /** PVCs that were bound to what a restore brought. */
  restores = 0;

  step(name: string): void {
    this.steps.set(name, (this.steps.get(name) ?? 0) + 1);
  }

  get allSteps(): number {
    return [...this.steps.values()].reduce((sum, count) => sum + count, 0);
  }
}

/** One PVC, as it was seen last, and what became of it. */
export class History implements PvcRef {
  /** The PVC at the last look. */
  claim: KubeObject | undefined;
  /** What the application wrote last. */
  version = 0;
  /** A volume that a person kept or made, and gave to this PVC with a reason. */
  attached: string | undefined;
  /** A volume that a person kept when its PVC was deleted. */
  kept: string | undefined;
  /** Data of a backup was lost in the store, and none was made since: there is no telling what the store knows. */
  dataWasLost = false;
  /** A tier stood on the PVC of this uid at some time. */
  readonly labelled = new Set<string>();
  /** PVCs whose decision was looked at. */
  readonly judged = new Set<string>();
  /** PVCs that were bound to what a restore brought. */
  readonly restored = new Set<string>();
  /** What was done, for the report of a violation. */
  readonly log: string[] = [];

  constructor(
    readonly namespace: string,
    readonly name: string,
    readonly world: World,
    readonly faults: Faults,
    readonly counts: Counts,
  ) {}

  note(what: string, reply?: Reply): void {
    const answer = reply === undefined ? '' : ` -> ${reply.status}${reply.status < 300 ? '' : ` ${reply.message.slice(0, 300)}`}`;
    this.log.push(
      `${((Date.now() - this.begun) / 1000).toFixed(1)} s: ${what}${answer}${this.faults.current === undefined ? '' : ` [${this.faults.current}]`}`,
    );
  }

  private readonly begun = Date.now();
}

export function labelOf(claim: KubeObject): string | undefined {
  return claim.metadata.labels?.[backupLabel];
}

export function hasTier(claim: KubeObject): boolean {
  return tiers.includes(labelOf(claim) ?? '');
}

/** A person said that the PVC is to be empty although there is a backup, and why. */
export function saysWhy({ metadata }: KubeObject): boolean {
  const of = metadata.annotations ?? {};
  return of[annotation.skipRestore] === 'true' && /\p{L}/u.test(of[annotation.skipRestoreReason] ?? '');
}
