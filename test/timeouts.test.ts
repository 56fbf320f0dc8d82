import { homelab } from '../examples/homelab/site';
import { gatePolicy } from '../lib/model/policy-names';

// Loaded by each test: where the chain is out of order, nothing that imports it can be loaded.
const timeouts = (): typeof import('../lib/model/timeouts') => jest.requireActual('../lib/model/timeouts');

describe('time limits are an ordered chain', () => {
  const good = { plumberBudgetMs: 2500, apiCallSeconds: 4, webhookSeconds: 25 };

  test('that is built in order', () => {
    expect(timeouts().timeouts).toMatchObject(good);
    expect(timeouts().TimeoutChain.of(good)).toMatchObject(good);
  });

  test.each([
    [{ plumberBudgetMs: 4500 }, 'apiCallSeconds is 4000 ms: it has to end at least 500 ms after plumberBudgetMs, so at 5000 ms or later'],
    [{ plumberBudgetMs: 3999 }, 'apiCallSeconds is 4000 ms'],
    [{ plumberBudgetMs: 0 }, 'plumberBudgetMs is 0 ms'],
    [{ plumberBudgetMs: Number.NaN }, 'plumberBudgetMs is NaN ms'],
    [{ apiCallSeconds: 25 }, 'webhookSeconds is 25000 ms'],
    [{ apiCallSeconds: 3.5 }, 'apiCallSeconds is 3.5: it has to be a whole number of seconds'],
    [{ webhookSeconds: 31 }, 'webhookSeconds is 31: it has to be a whole number of seconds, at most 30'],
  ])('and not with %j', (change, words) => expect(() => timeouts().TimeoutChain.of({ ...good, ...change })).toThrow(words));

  test('and the tree and pvc-plumber hold to it', () => {
    const { Tree } = jest.requireActual<typeof import('../verify/tree')>('../verify/tree');
    const { readConfig } = jest.requireActual<typeof import('../pvc-plumber/config')>('../pvc-plumber/config');
    const tree = Tree.of(homelab);
    const ms = (seconds: string): number => Number(/^(\d+)s$/.exec(seconds)?.[1]) * 1000;
    const apiCall = ms(tree.one('Application', 'kyverno').spec.sources[0].helm.valuesObject.features.globalContext.apiCallTimeout);
    const webhook = tree.one('ClusterPolicy', gatePolicy).spec.webhookConfiguration.timeoutSeconds * 1000;
    const [container] = tree.one('Deployment', 'pvc-plumber').spec.template.spec.containers;
    const env = Object.fromEntries(container.env.map(({ name, value }: { name: string; value: string }) => [name, value]));
    const { budgetMs } = readConfig({ S3_ENDPOINT: 'http://nas:9000', S3_BUCKET: 'backups', BUDGET_MS: env['BUDGET_MS'] });
    expect([budgetMs, apiCall, webhook]).toEqual([2500, 4000, 25_000]);
  });
});
