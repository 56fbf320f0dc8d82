import { RequestLimit } from '../../pvc-plumber/s3/request-limit';
import { Turns } from '../../pvc-plumber/s3/turns';

const { signal } = new AbortController();

test('clients take turns, and the namespaces of each client', () => {
  const turns = new Turns<string>();
  for (let i = 0; i < 3; i += 1)
    for (const namespace of ['a', 'b']) for (const j of [1, 2]) turns.add({ client: 'kyverno', namespace }, `kyverno ${namespace} ${i}${j}`);
  turns.add({ client: 'other', namespace: 'a' }, 'other a');
  const taken = Array.from({ length: 14 }, () => turns.take()?.slice(0, 9));
  expect(taken.slice(0, 4)).toEqual(['kyverno a', 'other a', 'kyverno b', 'kyverno a']);
  expect(taken.filter((each) => each === 'kyverno a').length).toBe(6);
  expect([taken.at(-1), turns.size]).toEqual([undefined, 0]);
});

test('who gives up waits no more', () => {
  const turns = new Turns<string>();
  const lane = { client: 'a', namespace: 'b' };
  turns.add(lane, 'one');
  turns.add(lane, 'two');
  turns.remove(lane, 'one');
  turns.remove(lane, 'one');
  turns.remove({ client: 'a', namespace: 'c' }, 'two');
  expect([turns.size, turns.take(), turns.take()]).toEqual([1, 'two', undefined]);
});

test('a namespace with a thousand requests waiting holds up nobody: the next place is that of another one', async () => {
  const limit = new RequestLimit(4);
  const done: string[] = [];
  const work = (name: string) => async () => {
    await new Promise((resolve) => void setImmediate(resolve));
    done.push(name);
  };
  const many = limit.lane({ client: 'kyverno', namespace: 'loop' });
  const storm = Array.from({ length: 1000 }, () => many.run(work('loop'), signal));
  await limit.lane({ client: 'kyverno', namespace: 'calm' }).run(work('calm'), signal);
  expect(done.indexOf('calm')).toBeLessThan(10);
  await Promise.all(storm);
  expect([done.length, limit.inFlight, limit.queued]).toEqual([1001, 0, 0]);
});
