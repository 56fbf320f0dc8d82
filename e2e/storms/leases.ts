import type { Cluster } from '../harness/cluster';

/** Who holds each of Kyverno's leases, and since which change of hands. */
export async function leases({ api }: Cluster): Promise<string[]> {
  const all = await api.list('coordination.k8s.io/v1', 'Lease', 'kyverno');
  return all
    .filter(({ spec }) => spec.leaseTransitions !== undefined)
    .map(({ metadata, spec }) => `${metadata.name} of ${spec.holderIdentity}, change ${spec.leaseTransitions}`);
}
