import * as v from 'valibot';
import { bucketProblem, regionProblem, storeIdProblem } from '../../model/object-store';
import { endpoint } from '../checks';
import { block, list, text, whole } from '../schema-parts';

export const s3 = block({
  /** `http://host:port` or `https://host:port`, nothing more: VolSync's mover strips a scheme, but neither a path nor a trailing slash. */
  endpoint,
  /** Name of the bucket. */
  bucket: text(bucketProblem),
  /**
   * Port (1 to 65535) on which the Pods of the store listen, where the store is a Service of this cluster. NetworkPolicies know that one, and not the
   * port of the Service. @default - the endpoint's; required where the endpoint is a `….svc` name
   */
  podPort: v.optional(whole(1, 65_535)),
  /** Region that pvc-plumber signs for. */
  region: v.optional(text(regionProblem), 'us-east-1'),
  /**
   * Identity of the store: the random id of the marker object at the bucket's root, made by `npm run plumber -- identify`. With it, a bucket
   * without that very marker (emptied, misspelt, another disk behind the address) is `unknown` for every PVC. Without it such a bucket looks
   * like one that never had a backup.
   * @default - none, pvc-plumber warns
   */
  storeId: v.optional(text(storeIdProblem)),
  /**
   * Stores that this site used before. A PVC is called fresh only when none of them has a backup of it, with the same credentials. Needed whenever
   * `endpoint` or `bucket` changes, see docs/moving-the-store.md; taken out again when everything was copied. @default - none
   */
  previous: v.optional(list(block({ endpoint, bucket: text(bucketProblem) })), []),
});
