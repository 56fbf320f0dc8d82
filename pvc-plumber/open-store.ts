import type { PvcRef } from '../lib/model/naming';
import { storeLeaseKey, storeMarkerKey } from '../lib/model/object-store';
import { Agreement } from './agreement';
import { clusterIdentity } from './cluster-identity';
import type { Config } from './config';
import { CredentialsDirectory } from './credentials';
import type { EvidenceSources } from './evidence';
import { Lease } from './lease';
import type { Log } from './log';
import type { Metrics } from './metrics';
import { PreviousStores } from './previous-stores';
import { S3Client } from './s3/client';
import { RequestLimit } from './s3/request-limit';
import { Transport } from './s3/transport';
import { StoreProof } from './store-proof';
import { StoreWatch } from './store-watch';
import { UsageScan } from './usage-scan';

/** Checks of the store don't queue behind look-ups: in a burst of those, every remembered backup waits for them. */
const proofRequests = 8;

/** So do the probes of whether the store is one. */
const probeRequests = 4;

/** The scan of the store asks for one page after another. */
const scanRequests = 1;

/** Time between two checks of the store for the metric, in milliseconds: that of a scrape. */
const storeWatchMs = 30_000;

/** A little less than the budget, so that an answer that comes at the last moment is still written inside it. */
export function lookupMsOf({ budgetMs }: Pick<Config, 'budgetMs'>): number {
  return budgetMs - Math.min(100, budgetMs / 10);
}

/** The store with everything that vouches for it. */
export class OpenStore {
  readonly credentials: CredentialsDirectory;
  readonly reader: S3Client;
  readonly agreement: Agreement;
  readonly proof: StoreProof;
  readonly watch: StoreWatch;
  readonly previous: PreviousStores;
  readonly lease: Lease | undefined;
  readonly usage: UsageScan;
  readonly limit: RequestLimit;
  private readonly transport: Transport;

  /** @param onNewCredentials called when other credentials came, or they came or went */
  constructor(config: Config, log: Log, observe: Metrics['s3'], onNewCredentials: () => void) {
    const { endpoint, bucket, region, maxS3Requests, storeId, clusterTokenFile } = config;
    const store = { endpoint, bucket };
    const budgetMs = lookupMsOf(config);
    this.limit = new RequestLimit(maxS3Requests);
    this.credentials = new CredentialsDirectory(config.credentialsDir, store, onNewCredentials);
    this.transport = new Transport(store, maxS3Requests + proofRequests + probeRequests + scanRequests, () => this.proof.invalidate());
    const shared = { store, region, credentials: () => this.credentials.read(), transport: this.transport, observe };
    this.reader = new S3Client({ ...shared, limit: this.limit });
    const proofReader = new S3Client({ ...shared, limit: new RequestLimit(proofRequests) });
    this.proof = new StoreProof({ reader: proofReader, store, storeId, maxAgeMs: config.storeCheckMs, budgetMs });
    const anew = new S3Client({ ...shared, limit: new RequestLimit(probeRequests), anew: true });
    this.agreement = new Agreement({ anew, marked: storeId !== undefined, budgetMs, endpoint });
    this.previous = new PreviousStores(config, shared, budgetMs);
    this.watch = new StoreWatch({ proof: this.proof, intervalMs: storeWatchMs, budgetMs, endpoint });
    this.lease =
      clusterTokenFile === undefined
        ? undefined
        : new Lease({ client: proofReader, store, cluster: () => clusterIdentity(clusterTokenFile), renewMs: config.leaseRenewMs, budgetMs, log });
    this.usage = new UsageScan({
      reader: new S3Client({ ...shared, limit: new RequestLimit(scanRequests) }),
      expected: () => [...(storeId === undefined ? [] : [storeMarkerKey]), ...(this.lease?.isOurs === true ? [storeLeaseKey] : [])],
      busy: () => this.limit.inFlight > 0,
      log,
      intervalMs: config.scanIntervalMs,
    });
  }

  /** What the question of a client about a PVC is answered from. */
  sourcesFor(client: string, { namespace }: PvcRef): EvidenceSources {
    const store = this.reader.within(this.limit.lane({ client, namespace }));
    return { store, anew: store.anew(), proof: this.proof, agreement: this.agreement };
  }

  /** @param probing look whether all connections lead to one store also while nobody asks */
  start(probing: boolean): void {
    this.lease?.start();
    this.watch.start();
    this.usage.start();
    if (probing) this.agreement.start();
  }

  /** What the old credentials showed has to be vouched for anew. */
  reset(): void {
    this.proof.invalidate();
    this.agreement.reset();
    this.lease?.nudge();
  }

  stop(): void {
    this.lease?.stop();
    this.watch.stop();
    this.usage.stop();
    this.agreement.stop();
    this.transport.close();
    this.previous.close();
  }
}
