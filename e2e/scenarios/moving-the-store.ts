import { homelab } from '../../examples/homelab/site';
import { plumber } from '../../lib/model/naming';
import { check, same } from '../harness/check';
import { scenario, type Scenario } from '../harness/scenario';
import { admitted, generatedFor, kinds, pvc } from '../harness/pvc';
import { policiesOf } from '../harness/site';
import { eventually } from '../harness/waiting';
import { current, sync } from './upgrade';

interface Variable {
  readonly name: string;
  readonly value: string;
}

const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: plumber.namespace, name: plumber.name };

export const movingScenarios: readonly Scenario[] = [
  scenario('pvc-plumber is not pointed to another store in silence, and is when the old one is named', async (cluster) => {
    const live = await cluster.api.find(deployment);
    check(live !== undefined, 'the Deployment of pvc-plumber is there');
    const [container] = live['spec'].template.spec.containers as { readonly env: readonly Variable[] }[];
    const endpoint = container?.env.find(({ name }) => name === 'S3_ENDPOINT')?.value;
    const bucket = container?.env.find(({ name }) => name === 'S3_BUCKET')?.value;
    const patched = async (changes: Record<string, string>): Promise<{ readonly status: number; readonly message: string }> => {
      const kept = container?.env.filter(({ name }) => !(name in changes)) ?? [];
      const env = [...kept, ...Object.entries(changes).map(([name, value]) => ({ name, value }))];
      return cluster.api.patch(deployment, { spec: { template: { spec: { containers: [{ ...container, env }] } } } });
    };
    for (const changes of [
      { S3_ENDPOINT: 'http://192.168.10.140:9000' },
      { S3_BUCKET: 'another' },
      { S3_BUCKET: 'another', S3_PREVIOUS: '[]' },
    ] as Record<string, string>[]) {
      const { status, message } = await patched(changes);
      check(
        status >= 400 && /would change from .* Name the old store in s3\.previous/.test(message),
        `${JSON.stringify(changes)}: ${status} ${message}`,
      );
    }
    const moved = { S3_BUCKET: 'another', S3_PREVIOUS: JSON.stringify([{ endpoint, bucket }]) };
    same((await patched(moved)).status, 200, 'the answer when the old store is named');
    // And back, the same way.
    same((await patched({ S3_BUCKET: String(bucket), S3_PREVIOUS: JSON.stringify([{ endpoint, bucket: 'another' }]) })).status, 200, 'the way back');
    same(
      (await cluster.api.apply({ ...live, metadata: { name: plumber.name, namespace: plumber.namespace } })).status < 300,
      true,
      'that it is as before',
    );
  }),
  scenario('the site moves to another store: the ExternalSecrets of PVCs that exist follow, location and fields', async (cluster) => {
    const ns = await cluster.namespace('moved-store');
    const live = admitted(await cluster.api.create(pvc(ns, 'data')));
    const { secret } = await generatedFor(cluster, live);
    const fields = { ...homelab.onepassword.fields, accessKeyId: 'new-access-key' };
    const moved = { s3: { endpoint: 'https://s3.example.com', bucket: 'another' }, onepassword: { ...homelab.onepassword, fields } };
    const template = async (): Promise<Record<string, string>> =>
      (await cluster.api.find({ ...kinds.secret, namespace: ns, name: secret.metadata.name }))?.['spec'].target.template.data;
    try {
      await sync(cluster, policiesOf(moved));
      await eventually('the new location', 120, async () => (await template())['KOPIA_REPOSITORY'] === `s3://another/${ns}/data`);
      same((await template())['KOPIA_S3_ENDPOINT'], 's3.example.com', 'the endpoint');
      same((await template())['KOPIA_S3_DISABLE_TLS'], 'false', 'TLS');
      const after = await cluster.api.find({ ...kinds.secret, namespace: ns, name: secret.metadata.name });
      same(after?.metadata.uid, secret.metadata.uid, 'the ExternalSecret');
      check(JSON.stringify(after?.['spec'].data).includes('new-access-key'), 'the fields follow');
      same(after?.['spec'].target.template.mergePolicy, 'Merge', 'mergePolicy');
    } finally {
      await sync(cluster, current());
    }
    await eventually('the first location', 120, async () => (await template())['KOPIA_REPOSITORY'] === `s3://${homelab.s3.bucket}/${ns}/data`);
  }),
];
