import { PlumberProcess } from './plumber-process';
import { filledKopiaBlobs, putBlobs, testBucket } from '../../pvc-plumber/testing/repositories';
import { FakeS3, type FakeS3Options } from '../../pvc-plumber/testing/server';

const servers: FakeS3[] = [];
const plumbers: PlumberProcess[] = [];

/** An S3 server that holds the backup of `karakeep/data-pvc`. */
export async function newS3(options: FakeS3Options = {}): Promise<FakeS3> {
  const s3 = await new FakeS3(options).start();
  s3.objects.bucket(testBucket);
  putBlobs(s3, 'karakeep/data-pvc', filledKopiaBlobs);
  servers.push(s3);
  return s3;
}

/** The bundle as a process, see {@link PlumberProcess.start}. */
export async function newPlumber(s3: FakeS3 | string, env: Record<string, string> = {}): Promise<PlumberProcess> {
  const plumber = await PlumberProcess.start(typeof s3 === 'string' ? s3 : s3.endpoint, env);
  plumbers.push(plumber);
  return plumber;
}

/** Asks until the answer fits; fails after `patienceMs`. */
export async function eventually(plumber: PlumberProcess, pvc: string, decision: string, patienceMs: number): Promise<number> {
  const started = performance.now();
  for (;;) {
    const answer = await plumber.ask('karakeep', pvc);
    const waited = performance.now() - started;
    if (answer.decision === decision) return waited;
    if (waited > patienceMs) throw new Error(`still ${answer.decision} after ${waited} ms: ${answer.reason}`);
    await new Promise((resolve) => void setTimeout(resolve, 50));
  }
}

/** Ends all that a test started. */
export async function stopAll(): Promise<void> {
  await Promise.all(plumbers.splice(0).map((plumber) => plumber.stop('SIGKILL')));
  await Promise.all(servers.splice(0).map((s3) => s3.stop()));
}
