import { clusterIdentity } from './cluster-identity';
import type { Config } from './config';
import { CredentialsDirectory } from './credentials';
import { Deadline } from './deadline';
import { Lease } from './lease';
import { Log } from './log';
import { S3Client } from './s3/client';
import { RequestLimit } from './s3/request-limit';
import { Transport } from './s3/transport';

/** How long the whole command may take, in milliseconds. */
const patienceMs = 20_000;

/**
 * Takes the lease of the store for this cluster, whoever holds it.
 *
 * @returns who held it
 * @throws Error that says what is wrong when the store can't be asked, or this runs outside a cluster
 */
export async function takeOver(config: Config): Promise<string | undefined> {
  const { endpoint, bucket, region, clusterTokenFile: file } = config;
  if (file === undefined) throw new Error('CLUSTER_TOKEN_FILE: missing; run this in a Pod of pvc-plumber, where the tree sets it');
  const store = { endpoint, bucket };
  const credentials = new CredentialsDirectory(config.credentialsDir, store);
  const transport = new Transport(store, 2, () => undefined);
  const client = new S3Client({ store, region, transport, credentials: () => credentials.read(), limit: new RequestLimit(2) });
  const deadline = Deadline.in(patienceMs, endpoint);
  try {
    const lease = new Lease({
      client,
      store,
      cluster: () => clusterIdentity(file),
      renewMs: config.leaseRenewMs,
      budgetMs: patienceMs,
      log: new Log('error'),
    });
    return await lease.takeOver(deadline.signal);
  } finally {
    deadline.clear();
    transport.close();
  }
}
