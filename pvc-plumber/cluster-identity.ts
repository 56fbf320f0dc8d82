import { readFileSync } from 'node:fs';

/**
 * Identity of the cluster: the uid of pvc-plumber's ServiceAccount, which the API server makes anew in each cluster. It stands in the token that Kubernetes
 * mounts for the audience `zero-touch-pvc`; the API server takes no token of another audience, so it gives no rights.
 *
 * @throws Error when the file can't be read, or holds no such token
 */
export function clusterIdentity(tokenFile: string): string {
  const [, payload = ''] = readFileSync(tokenFile, 'utf8').split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as { 'kubernetes.io'?: { serviceaccount?: { uid?: unknown } } };
  const uid = claims['kubernetes.io']?.serviceaccount?.uid;
  if (typeof uid !== 'string' || uid === '') throw new Error(`${tokenFile} holds no token of a ServiceAccount`);
  return uid;
}
