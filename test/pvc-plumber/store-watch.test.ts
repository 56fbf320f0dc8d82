import { StoreProof } from '../../pvc-plumber/store-proof';
import { StoreWatch } from '../../pvc-plumber/store-watch';
import { S3Failure } from '../../pvc-plumber/s3/failure';

async function until(reached: () => boolean): Promise<void> {
  while (!reached()) await new Promise((resolve) => void setTimeout(resolve, 2));
}

test('the store is checked while nobody asks: unknown at first, then reachable, gone, and back', async () => {
  let gone = false;
  const expectBucket = (): Promise<void> => (gone ? Promise.reject(new S3Failure('server', 'gone')) : Promise.resolve());
  const reader = { expectBucket, has: jest.fn(), list: jest.fn(), versions: jest.fn(), read: jest.fn() };
  const store = { endpoint: 'http://store:9000', bucket: 'backups' };
  const proof = new StoreProof({ reader, store, storeId: undefined, maxAgeMs: 1000, budgetMs: 100 });
  const watch = new StoreWatch({ proof, intervalMs: 5, budgetMs: 100, endpoint: store.endpoint });
  expect(watch.reachable).toBeUndefined();
  watch.start();
  await until(() => watch.reachable === true);
  gone = true;
  await until(() => watch.reachable === false);
  gone = false;
  await until(() => watch.reachable === true);
  watch.stop();
});
