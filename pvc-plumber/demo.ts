import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filledKopiaBlobs, putBlobs, testBucket } from './testing/repositories';
import { FakeS3, testCredentials } from './testing/server';
import { readConfig } from './config';
import { Log } from './log';
import { serve } from './serve';

/** Starts the service with an S3 server in memory that holds one repository, one empty prefix and one damaged repository. Ends with Ctrl-C. */
export async function demo(env: NodeJS.ProcessEnv): Promise<void> {
  const s3 = await new FakeS3().start();
  putBlobs(s3, 'demo/photos', filledKopiaBlobs);
  putBlobs(
    s3,
    'demo/damaged',
    filledKopiaBlobs.filter((blob) => blob !== 'kopia.repository'),
  );
  const credentials = mkdtempSync(join(tmpdir(), 'pvc-plumber-demo-'));
  writeFileSync(join(credentials, 'access-key-id'), testCredentials.accessKeyId);
  writeFileSync(join(credentials, 'secret-access-key'), testCredentials.secretAccessKey);
  const config = readConfig({ PORT: env.PORT ?? '8080', S3_ENDPOINT: s3.endpoint, S3_BUCKET: testBucket, CREDENTIALS_DIR: credentials });
  const service = await serve(config, new Log('warn'));
  const lines = [
    ['photos', 'a repository with data: restore'],
    ['new', 'nothing at all: fresh'],
    ['damaged', 'data without a repository: unknown'],
  ].map(([pvc = '', what = '']) => `  curl -s http://localhost:${service.port}/exists/demo/${pvc.padEnd(8)} # ${what}`);
  console.log(`pvc-plumber and an S3 server in memory (${s3.endpoint}, bucket ${testBucket}). Try:\n${lines.join('\n')}\nEnd with Ctrl-C.`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      rmSync(credentials, { recursive: true });
      void service.stop(0).then(() => process.exit(0));
    });
  }
}
