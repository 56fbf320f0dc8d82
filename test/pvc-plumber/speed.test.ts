import { timeouts } from '../../lib/model/timeouts';
import { eventually, newPlumber, newS3, stopAll } from '../support/plumber-fixture';
import { emptyKopiaBlobs, filledKopiaBlobs, putBlobs, testBucket } from '../../pvc-plumber/testing/repositories';
import type { FakeS3 } from '../../pvc-plumber/testing/server';

// Each test starts processes, on machines that may be busy.
jest.setTimeout(30_000);
afterEach(stopAll);

/** Counts requests about keys that begin so. */
function countQuestions(s3: FakeS3, prefix: string): () => number {
  let count = 0;
  s3.fault = (call) => {
    if (`${call.key}${call.prefix}`.startsWith(prefix)) count += 1;
    return undefined;
  };
  return () => count;
}

describe('speed without guessing', () => {
  test('trap 15: "restore" is repeated for its time, "fresh" never', async () => {
    const s3 = await newS3();
    const plumber = await newPlumber(s3, { CACHE_TTL_MS: '600' });
    const asked = countQuestions(s3, 'karakeep/data-pvc/');
    await plumber.ask('karakeep', 'data-pvc');
    await plumber.ask('karakeep', 'data-pvc');
    expect(asked()).toBe(1);
    expect((await plumber.ask('karakeep', 'later')).decision).toBe('fresh');
    expect((await plumber.ask('karakeep', 'later')).decision).toBe('fresh');
    expect(s3.seen.ListVersions).toBe(2);
    putBlobs(s3, 'karakeep/later', filledKopiaBlobs);
    expect((await plumber.ask('karakeep', 'later')).decision).toBe('restore');
    for (const blob of filledKopiaBlobs) s3.objects.delete(testBucket, `karakeep/data-pvc/${blob}`);
    await eventually(plumber, 'data-pvc', 'fresh', 3000);
  });

  test('questions about one PVC at the same time share one look-up', async () => {
    const s3 = await newS3({ latencyMs: 50 });
    const plumber = await newPlumber(s3);
    const asked = countQuestions(s3, 'karakeep/data-pvc/');
    const answers = await Promise.all(Array.from({ length: 50 }, () => plumber.ask('karakeep', 'data-pvc')));
    expect(new Set(answers.map(({ decision }) => decision))).toEqual(new Set(['restore']));
    expect(asked()).toBe(1);
    const fresh = await Promise.all(Array.from({ length: 50 }, () => plumber.ask('karakeep', 'none')));
    expect(new Set(fresh.map(({ decision }) => decision))).toEqual(new Set(['fresh']));
    expect(s3.seen.ListVersions).toBe(1);
  });

  test('requests to S3 are bounded, and waiting for room counts in the budget', async () => {
    const s3 = await newS3({ latencyMs: 200 });
    const plumber = await newPlumber(s3, { MAX_S3_REQUESTS: '2', BUDGET_MS: '700' });
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => plumber.ask('karakeep', `pvc-${i}`)));
    expect(answers.every(({ ms }) => ms < 700 + 1800)).toBe(true);
    expect(answers.some(({ decision, reason }) => decision === 'unknown' && reason === `no answer from ${s3.endpoint} in 0.63 s`)).toBe(true);
    expect(answers.some(({ decision }) => decision === 'restore')).toBe(false);
    expect(s3.openSockets).toBeLessThanOrEqual(2 + 8);
    await eventually(plumber, 'data-pvc', 'restore', 5000);
  });

  test('warm-up: one listing answers "restore" for all, "fresh" is still looked up', async () => {
    const s3 = await newS3();
    for (let i = 0; i < 400; i += 1) putBlobs(s3, `app-${i % 7}/pvc-${i}`, filledKopiaBlobs);
    putBlobs(s3, 'app-0/empty', emptyKopiaBlobs);
    putBlobs(s3, 'app-0/damaged', filledKopiaBlobs.slice(1));
    const plumber = await newPlumber(s3, { WARM_UP: 'true' });
    const listed = async (): Promise<boolean> => {
      for (let i = 0; i < 100 && !plumber.output.includes('the bucket was listed'); i += 1)
        await new Promise((resolve) => void setTimeout(resolve, 20));
      return plumber.output.includes('"backups":401');
    };
    expect(await listed()).toBe(true);
    const asked = countQuestions(s3, 'app-');
    const answers = await Promise.all(Array.from({ length: 400 }, (_, i) => plumber.ask(`app-${i % 7}`, `pvc-${i}`)));
    expect(answers.filter(({ decision }) => decision !== 'restore')).toEqual([]);
    expect(asked()).toBe(0);
    expect((await plumber.ask('app-0', 'empty')).decision).toBe('fresh');
    expect((await plumber.ask('app-0', 'damaged')).decision).toBe('unknown');
    expect((await plumber.ask('app-0', 'none')).decision).toBe('fresh');
    expect(s3.seen.ListVersions).toBe(2);
  });

  test('S3 dies in the middle of a burst: every later answer is unknown inside the budget; when it is back, so is the service', async () => {
    const s3 = await newS3({ latencyMs: 10 });
    for (let i = 0; i < 200; i += 1) putBlobs(s3, `karakeep/pvc-${i}`, filledKopiaBlobs);
    const plumber = await newPlumber(s3, { MAX_S3_REQUESTS: '16', WARM_UP: 'true', BUDGET_MS: String(timeouts.plumberBudgetMs) });
    await eventually(plumber, 'data-pvc', 'restore', 5000);
    const burst = Array.from({ length: 200 }, (_, i) => plumber.ask('karakeep', `${i % 2 === 0 ? 'pvc' : 'none'}-${i}`));
    await new Promise((resolve) => void setTimeout(resolve, 60));
    await s3.stop();
    await new Promise((resolve) => void setTimeout(resolve, 20));
    const later = await Promise.all(Array.from({ length: 200 }, (_, i) => plumber.ask('karakeep', `${i % 2 === 0 ? 'pvc' : 'none'}-${i}`)));
    const answers = [...(await Promise.all(burst)), ...later];
    expect(later.filter(({ decision }) => decision !== 'unknown')).toEqual([]);
    expect(answers.filter(({ decision, pvc }) => decision === (pvc.startsWith('none') ? 'restore' : 'fresh'))).toEqual([]);
    expect(answers.filter(({ ms }) => ms > timeouts.plumberBudgetMs + 1500)).toEqual([]);
    await s3.start();
    expect(await eventually(plumber, 'pvc-0', 'restore', 5000)).toBeLessThan(5000);
    expect(await eventually(plumber, 'none-1', 'fresh', 5000)).toBeLessThan(5000);
  });

  test('metrics count answers and requests, and no label takes a name from a question', async () => {
    const s3 = await newS3();
    const plumber = await newPlumber(s3);
    await plumber.ask('karakeep', 'data-pvc');
    await plumber.ask('karakeep', 'data-pvc');
    await s3.stop();
    await plumber.ask('karakeep', 'none');
    const { text, headers } = await plumber.get('/metrics');
    expect(headers['content-type']).toContain('text/plain');
    expect(text).toContain('pvc_plumber_backup_check_total{backend="kopia",decision="restore",source="lookup"} 1');
    expect(text).toContain('pvc_plumber_backup_check_total{backend="kopia",decision="restore",source="memory"} 1');
    expect(text).toContain('pvc_plumber_backup_check_total{backend="kopia",decision="unknown",source="lookup"} 1');
    expect(text).toContain('pvc_plumber_requests_errors_total 1');
    expect(text).toContain('pvc_plumber_requests_total{route="exists",code="200"} 2');
    expect(text).toMatch(/pvc_plumber_s3_requests_total\{operation="ListObjects",outcome="200"\} \d/);
    expect(text).not.toMatch(/karakeep|data-pvc/);
  });
});

describe('fair between namespaces', () => {
  test('one that creates PVCs without end does not slow the questions of another by more than a second', async () => {
    // So few requests at a time that the store is what everybody waits for, and not this machine.
    const s3 = await newS3({ latencyMs: 40, checkSignatures: false });
    const plumber = await newPlumber(s3, { MAX_S3_REQUESTS: '8' });
    await eventually(plumber, 'data-pvc', 'restore', 5000);
    const calm = async (round: string): Promise<number> => {
      const times: number[] = [];
      for (let i = 0; i < 4; i += 1) {
        const { decision, ms, reason } = await plumber.ask('calm', `${round}-${i}`);
        expect([decision, decision === 'unknown' ? reason : '']).toEqual(['fresh', '']);
        times.push(ms);
      }
      return times.toSorted((x, y) => x - y)[2] ?? 0;
    };
    const alone = await calm('alone');
    const state = { over: false, asked: 0 };
    const loop = Array.from({ length: 60 }, async () => {
      while (!state.over) await plumber.ask('loop', `pvc-${(state.asked += 1)}`);
    });
    await new Promise((resolve) => void setTimeout(resolve, 500));
    const beside = await calm('beside').finally(() => (state.over = true));
    await Promise.all(loop);
    expect(state.asked).toBeGreaterThanOrEqual(60);
    expect(beside - alone).toBeLessThan(1000);
  });
});
