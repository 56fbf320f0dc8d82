import { storeLeaseKey, storeMarkerKey } from '../model/object-store';

/** What a key of the store may do, in the language of Amazon's policies, which other S3 servers read, too. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

export interface Policy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

/** Object that pvc-plumber asks for by its key; the rest it sees in lists. */
const repositoryBlob = 'kopia.repository';

function statement(Sid: string, Action: readonly string[], Resource: readonly string[], Condition?: Statement['Condition']): Statement {
  return { Sid, Effect: 'Allow', Action, Resource, ...(Condition === undefined ? {} : { Condition }) };
}

function bucketOf(bucket: string): string {
  return `arn:aws:s3:::${bucket}`;
}

export interface PolicyOptions {
  readonly bucket: string;
  /**
   * The server answers 403 where a key may not list and asks for an object that is not there, as Amazon does. Kopia can't begin a repository then, so the movers
   * get the right to list the bucket without a prefix. It shows them names of objects of other namespaces, never their content.
   */
  readonly hidesMissing: boolean;
}

/** What the movers of a namespace need: everything below `<namespace>/`, and nothing else. */
export function moverPolicy({ bucket, hidesMissing }: PolicyOptions, namespace: string): Policy {
  const [all, folder] = [[bucketOf(bucket)], `${namespace}/*`];
  return {
    Version: '2012-10-17',
    Statement: [
      statement('ListOwnFolder', ['s3:ListBucket'], all, { StringLike: { 's3:prefix': [folder] } }),
      ...(hidesMissing ? [statement('LearnThatAnObjectIsMissing', ['s3:ListBucket'], all, { Null: { 's3:prefix': ['true'] } })] : []),
      statement('FindRegion', ['s3:GetBucketLocation'], all),
      statement('UseOwnFolder', ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'], [`${bucketOf(bucket)}/${folder}`]),
    ],
  };
}

/** What pvc-plumber needs: lists of everything, the objects that it asks for by their keys, and the lease, which it writes. It reads no data and can't delete. */
export function plumberPolicy({ bucket }: Pick<PolicyOptions, 'bucket'>): Policy {
  const objects = (keys: readonly string[]): string[] => keys.map((key) => `${bucketOf(bucket)}/${key}`);
  return {
    Version: '2012-10-17',
    Statement: [
      statement('ListEverything', ['s3:ListBucket', 's3:ListBucketVersions'], [bucketOf(bucket)]),
      statement('LookAtRepositories', ['s3:GetObject'], objects([`*/${repositoryBlob}`, storeMarkerKey, storeLeaseKey])),
      statement('KeepTheLease', ['s3:PutObject'], objects([storeLeaseKey])),
    ],
  };
}

/** Name of the user whose key the movers of a namespace have, and of pvc-plumber's. */
export function moverUser(namespace: string): string {
  return `backup-${namespace}`;
}
export const plumberUser = 'pvc-plumber';

/** One policy for each user. */
export function userPolicies(options: PolicyOptions, namespaces: readonly string[]): Readonly<Record<string, Policy>> {
  return {
    ...Object.fromEntries(namespaces.map((namespace) => [moverUser(namespace), moverPolicy(options, namespace)])),
    [plumberUser]: plumberPolicy(options),
  };
}

/**
 * The same as one policy of the bucket, for servers that have no policies of users.
 *
 * @param principals in front of each user's name: `arn:aws:iam::123456789012:user/` at Amazon, nothing where a user is named by its key
 */
export function bucketPolicy(options: PolicyOptions, namespaces: readonly string[], principals: string): object {
  const statements = Object.entries(userPolicies(options, namespaces)).flatMap(([user, policy]) =>
    policy.Statement.map((each) => ({ ...each, Sid: `${each.Sid}${words(user)}`, Principal: { AWS: [`${principals}${user}`] } })),
  );
  return { Version: '2012-10-17', Statement: statements };
}

/** An id of a statement holds letters and digits only. */
function words(user: string): string {
  return user.replaceAll(/(?:^|[^a-z0-9]+)([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
}
