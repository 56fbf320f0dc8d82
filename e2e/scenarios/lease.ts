import { clusterIdentity } from '../../pvc-plumber/cluster-identity';
import { plumber } from '../../lib/model/naming';
import { storeLeaseKey } from '../../lib/model/object-store';
import { Api } from '../harness/api';
import { check, same } from '../harness/check';
import { admitted, pvc, refused } from '../harness/pvc';
import { sandboxFile } from '../harness/sandbox';
import { parallelScenario, scenario, type Scenario } from '../harness/scenario';
import { folderObjects } from '../harness/tree';
import { eventually } from '../harness/waiting';

export const leaseScenarios: readonly Scenario[] = [
  parallelScenario('the token that tells clusters apart is of this cluster alone, and the API server does not take it', async (cluster) => {
    const pod = folderObjects('infrastructure/controllers/pvc-plumber').find(
      ({ kind, metadata }) => kind === 'Deployment' && metadata.name === plumber.name,
    );
    const volumes = pod?.['spec'].template.spec.volumes as { projected?: { sources: { serviceAccountToken: { audience: string } }[] } }[];
    const audience = volumes.flatMap(({ projected }) => projected?.sources ?? [])[0]?.serviceAccountToken.audience ?? '';
    check(audience !== '', 'the tree mounts no token');
    const token = await cluster.plane.tokenOf(plumber.namespace, plumber.name, [audience]);
    const account = await cluster.api.find({ apiVersion: 'v1', kind: 'ServiceAccount', namespace: plumber.namespace, name: plumber.name });
    same(clusterIdentity(sandboxFile('audience/token', token)), account?.metadata.uid, 'the identity');
    const { status } = await new Api(cluster.api.server, cluster.plane.ca, token).request('GET', '/api/v1/namespaces');
    same(status, 401, 'the answer of the API server');
  }),
  scenario('another cluster holds the lease of the store: PVCs are refused with its name; after a takeover they are created', async (cluster) => {
    const ns = await cluster.namespace('lease');
    const { plumberEndpoint } = cluster;
    const [bucket] = [...plumberEndpoint.s3.objects.buckets.keys()];
    plumberEndpoint.s3.objects.put(bucket ?? '', storeLeaseKey, JSON.stringify({ cluster: 'another-one' }));
    await plumberEndpoint.restart({ S3_ENDPOINT: plumberEndpoint.s3.endpoint });
    try {
      const reply = await cluster.api.create(pvc(ns, 'data'));
      refused(reply, 'unknown');
      check(/another cluster \(another-one\) holds the lease.*takeover/.test(reply.message), `the refusal names no cluster: ${reply.message}`);
    } finally {
      const said = await plumberEndpoint.takeOver({ S3_ENDPOINT: plumberEndpoint.s3.endpoint });
      check(said.includes('another-one'), `takeover says: ${said}`);
    }
    await eventually('the PVC is created', 30, async () => {
      const again = await cluster.api.create(pvc(ns, 'data'));
      return again.status === 201 && admitted(again);
    });
  }),
];
