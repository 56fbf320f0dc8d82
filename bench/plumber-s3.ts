/**
 * The S3 server of the benchmark as a process of its own: `plumber-s3.ts <PVCs> <latency ms>`. Every even PVC has a repository with data, every
 * odd one nothing; `pvc-<n>` in namespace `app-<n mod 50>`. Reports its endpoint on the IPC channel, and how many requests came when asked.
 */
import { filledKopiaBlobs, putBlobs, testBucket } from '../pvc-plumber/testing/repositories';
import { FakeS3 } from '../pvc-plumber/testing/server';

async function main(): Promise<void> {
  const [pvcs = 0, latencyMs = 0] = process.argv.slice(2).map(Number);
  const s3 = await new FakeS3({ latencyMs, checkSignatures: false }).start();
  s3.objects.bucket(testBucket);
  for (let i = 0; i < pvcs; i += 1) if (i % 2 === 0) putBlobs(s3, `app-${i % 50}/pvc-${i}`, filledKopiaBlobs);
  process.on('message', () => process.send?.({ requests: s3.requests }));
  process.on('disconnect', () => process.exit(0));
  process.send?.({ endpoint: s3.endpoint });
}

void main();
