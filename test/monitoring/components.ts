import type { Labels } from './series';

/** Minutes from and to, the end not included. */
export type Span = readonly [from: number, to: number];

/** A component's Pods, one after another: each gap is the time in which none of them answers. */
export class Component {
  /** @param gaps when it does not answer; after each of them another Pod runs, whose counters begin at 0 */
  constructor(
    readonly name: string,
    private readonly target: Labels,
    private readonly gaps: readonly Span[],
  ) {}

  /** Labels that Prometheus adds to what the Pod of that number says. */
  labels(pod: number): Labels {
    return { ...this.target, pod: `${this.name}-${pod}`, instance: `10.0.0.${pod}:8080` };
  }

  get pods(): readonly number[] {
    return [...this.gaps.keys(), this.gaps.length];
  }

  /** Whether the Pod of that number is the one that answers in that minute. */
  answers(pod: number, minute: number): boolean {
    return minute >= this.since(pod) && minute < (this.gaps[pod]?.[0] ?? Number.POSITIVE_INFINITY);
  }

  /** Minute in which the Pod of that number began. */
  since(pod: number): number {
    return pod === 0 ? Number.NEGATIVE_INFINITY : this.gaps[pod - 1]![1];
  }
}
