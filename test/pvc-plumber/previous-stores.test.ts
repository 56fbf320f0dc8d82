import { newPlumber, newS3, stopAll } from '../support/plumber-fixture';
import { faults } from '../../pvc-plumber/testing/faults';
import { filledKopiaBlobs, putBlobs, testBucket } from '../../pvc-plumber/testing/repositories';
import type { FakeS3 } from '../../pvc-plumber/testing/server';

jest.setTimeout(60_000);
afterEach(stopAll);

/** Faults that no answer can be made of. */
const refusing = /403|500|503|hang|reset/i;

const previous = (...stores: readonly (FakeS3 | string)[]): Record<string, string> => ({
  S3_PREVIOUS: JSON.stringify(stores.map((s3) => ({ endpoint: typeof s3 === 'string' ? s3 : s3.endpoint, bucket: testBucket }))),
});

test('a backup that is only in a previous store is no "fresh": the answer says where it is and what to do', async () => {
  const [now, before] = [await newS3(), await newS3()];
  putBlobs(before, 'app/old', filledKopiaBlobs);
  const plumber = await newPlumber(now, previous(before));
  const old = await plumber.ask('app', 'old');
  expect([old.decision, old.status]).toEqual(['unknown', 503]);
  expect(old.reason).toBe(
    `its backup is still in the store that the site used before (${before.endpoint}, bucket ${testBucket}): copy the objects below app/old/ to the new store, or take the old one out of s3.previous in main.ts to begin anew`,
  );
  expect((await plumber.ask('app', 'nowhere')).decision).toBe('fresh');
});

test('what the new store has is restored without a question to the old one', async () => {
  const [now, before] = [await newS3(), await newS3()];
  const plumber = await newPlumber(now, previous(before));
  const asked = before.requests;
  expect((await plumber.ask('karakeep', 'data-pvc')).decision).toBe('restore');
  expect(before.requests).toBe(asked);
});

test.each(Object.keys(faults).filter((name) => refusing.test(name)))('a previous store with the fault "%s" proves nothing', async (name) => {
  const [now, before] = [await newS3(), await newS3()];
  const plumber = await newPlumber(now, previous(before));
  before.fault = () => faults[name as keyof typeof faults];
  expect((await plumber.ask('app', 'nowhere')).decision).toBe('unknown');
});

test('a previous store whose bucket is gone proves nothing', async () => {
  const [now, before] = [await newS3(), await newS3()];
  const plumber = await newPlumber(now, previous(before));
  before.objects.deleteBucket(testBucket);
  expect((await plumber.ask('app', 'nowhere')).decision).toBe('unknown');
});

test('a previous store that is gone is named, with the way out; one of two that is empty does not speak for the other', async () => {
  const [now, empty, gone] = [await newS3(), await newS3(), await newS3()];
  const plumber = await newPlumber(now, previous(empty, gone));
  await gone.stop();
  const answer = await plumber.ask('app', 'nowhere');
  expect(answer.decision).toBe('unknown');
  expect(answer.reason).toContain(`the store that the site used before (${gone.endpoint}, bucket ${testBucket}) can't be asked`);
  expect(answer.reason).toContain('take it out of s3.previous');
});

test('a list of previous stores that can not be read stops the start', async () => {
  const now = await newS3();
  await expect(newPlumber(now, { S3_PREVIOUS: 'http://nas' })).rejects.toThrow(/S3_PREVIOUS.*is not a JSON list of stores/s);
});
