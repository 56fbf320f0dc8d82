import type { Api } from '../harness/api';
import { Metrics } from '../harness/metrics';

/** What the API server counted. */
export interface Counts {
  readonly updateRequests: number;
  readonly listsOfUpdateRequests: number;
  readonly listsOfPvcs: number;
  /** Of all clients, the storm's own among them. */
  readonly requests: number;
  /** Calls of Kyverno's webhooks. */
  readonly webhookCalls: number;
  /** Calls of webhooks that were given up and passed over: a generation that was never asked for. */
  readonly passedOver: number;
}

export async function countsOf(api: Api): Promise<Counts> {
  const metrics = await Metrics.ofApiServer(api);
  const requests = (...labels: readonly string[]): number => metrics.sum('apiserver_request_total', ...labels);
  return {
    updateRequests: requests('resource="updaterequests"', 'verb="POST"', 'code="201"'),
    listsOfUpdateRequests: requests('resource="updaterequests"', 'verb="LIST"'),
    listsOfPvcs: requests('resource="persistentvolumeclaims"', 'verb="LIST"'),
    requests: requests(),
    webhookCalls: metrics.sum('apiserver_admission_webhook_admission_duration_seconds_count', 'kyverno'),
    passedOver: metrics.sum('apiserver_admission_webhook_fail_open_count', 'kyverno'),
  };
}

/** What was counted between two moments. */
export function since(before: Counts, after: Counts): Counts {
  const keys = Object.keys(after) as (keyof Counts)[];
  return Object.fromEntries(keys.map((key) => [key, after[key] - before[key]])) as unknown as Counts;
}
