import { clusterIdentity } from './cluster-identity';
import type { Config } from './config';
import { Lease } from './lease';
import { Log } from './log';
import { patienceMs, withStore } from './store-command';

/**
 * Takes the lease of the store for this cluster, whoever holds it.
 *
 * @returns who held it
 * @throws Error that says what is wrong when the store can't be asked, or this runs outside a cluster
 */
export async function takeOver(config: Config): Promise<string | undefined> {
  const { clusterTokenFile: file, leaseRenewMs: renewMs } = config;
  if (file === undefined) throw new Error('CLUSTER_TOKEN_FILE: missing; run this in a Pod of pvc-plumber, where the tree sets it');
  return withStore(config, (client, store, signal) => {
    const lease = new Lease({ client, store, cluster: () => clusterIdentity(file), renewMs, budgetMs: patienceMs, log: new Log('error') });
    return lease.takeOver(signal);
  });
}
