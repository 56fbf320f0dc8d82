import { type PvcRef, storePrefix } from '../lib/model/naming';
import type { Finding } from './judgement';
import { S3Failure } from './s3/failure';

/** Look-ups at the same time. Far more than fit into one budget, few enough for the memory of a small Pod; less for one client, and for one namespace. */
const most = { all: 2000, client: 1000, namespace: 500 } as const;

/** Look-ups that are in flight: one of a PVC at a time, which belongs to all who ask meanwhile, and a bounded number. */
export class Lookups {
  private readonly inFlight = new Map<string, Promise<Finding>>();
  /** How many of them, for each client and each namespace of a client. */
  private readonly underway = new Map<string, number>();

  /** The look-up of a PVC that somebody else asked for a moment ago. */
  of(pvc: PvcRef): Promise<Finding> | undefined {
    return this.inFlight.get(storePrefix(pvc));
  }

  /** Starts one. @returns what it finds; rejects with an S3Failure where there are too many */
  start(pvc: PvcRef, client: string, look: () => Promise<Finding>): Promise<Finding> {
    const counted = [client, `${client} ${pvc.namespace}`] as const;
    const [ofClient, ofNamespace] = counted.map((each) => this.underway.get(each) ?? 0) as [number, number];
    if (this.inFlight.size >= most.all || ofClient >= most.client || ofNamespace >= most.namespace)
      return Promise.reject(new S3Failure('timeout', 'too many questions at the same moment: ask again'));
    for (const each of counted) this.underway.set(each, (this.underway.get(each) ?? 0) + 1);
    const key = storePrefix(pvc);
    const lookup = look().finally(() => {
      this.inFlight.delete(key);
      for (const each of counted) this.end(each);
    });
    this.inFlight.set(key, lookup);
    return lookup;
  }

  private end(counted: string): void {
    const left = (this.underway.get(counted) ?? 1) - 1;
    if (left > 0) this.underway.set(counted, left);
    else this.underway.delete(counted);
  }
}
