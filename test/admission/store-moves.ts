import type { AdmissionCase } from './case';

type Env = Readonly<Record<string, string>>;

interface Where {
  readonly namespace?: string;
  readonly name?: string;
}

function deployment(env: Env | undefined, { namespace = 'volsync-system', name = 'pvc-plumber' }: Where = {}): object {
  const container = { name, image: 'x', ...(env && { env: Object.entries(env).map(([key, value]) => ({ name: key, value })) }) };
  return {
    kind: 'Deployment',
    metadata: { namespace, name, labels: { 'app.kubernetes.io/name': name } },
    spec: { template: { spec: { containers: [container] } } },
  };
}

const store: Env = { S3_ENDPOINT: 'http://old:9000', S3_BUCKET: 'backups' };
const previous = '[{"endpoint":"http://old:9000","bucket":"backups"}]';

function row(name: string, before: Env | undefined, after: Env, isRefused: boolean, where: Where = {}): AdmissionCase {
  return {
    name: `another store: ${name}`,
    resource: 'deployments',
    request: { operation: 'UPDATE', object: deployment(after, where), oldObject: deployment(before, where) },
    refused: isRefused ? [/the store of the backups would change from http:\/\/old:9000, bucket backups/] : [],
  };
}

/** pvc-plumber is pointed to another store, where it would find no backup, and so answer `fresh`. */
export const storeMoveCases: readonly AdmissionCase[] = [
  row('another endpoint, in silence', store, { ...store, S3_ENDPOINT: 'http://new:9000' }, true),
  row('another bucket, in silence', store, { ...store, S3_BUCKET: 'other' }, true),
  row('no store at all', store, {}, true),
  row('the same, with another setting', store, { ...store, LOG_LEVEL: 'debug' }, false),
  row('the old one is named as a previous store', store, { ...store, S3_ENDPOINT: 'http://new:9000', S3_PREVIOUS: previous }, false),
  row(
    'a third one is named as a previous store',
    store,
    { S3_ENDPOINT: 'http://new:9000', S3_BUCKET: 'backups', S3_PREVIOUS: previous.replace('old', 'third') },
    true,
  ),
  row('the first one', undefined, store, false),
  row('of another Deployment beside it', store, { S3_ENDPOINT: 'http://new:9000' }, false, { name: 'other' }),
  row('of a Deployment of its name elsewhere', store, { S3_ENDPOINT: 'http://new:9000' }, false, { namespace: 'app' }),
];
