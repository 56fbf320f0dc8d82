import { applicationHealth } from '../../lib/gitops/health/application';
import { clusterPolicyHealth } from '../../lib/gitops/health/cluster-policy';
import { runHealthCheck } from '../support/lua';
import type { Data } from '../../verify/tree';

const sources = [
  { repoURL: 'https://charts.example.com', chart: 'x', targetRevision: '1.0.0' },
  { repoURL: 'https://git.example.com', path: 'dist/x', targetRevision: 'main' },
];

/** A child as Argo CD writes it after a sync that went well. */
function synced(): Data {
  return {
    spec: { project: 'infrastructure', sources },
    status: {
      health: { status: 'Healthy' },
      sync: { status: 'Synced', revisions: ['1.0.0', 'abc'], comparedTo: { source: { repoURL: '' }, sources, destination: {} } },
      operationState: { phase: 'Succeeded', syncResult: { revision: '', revisions: ['1.0.0', 'abc'] } },
    },
  };
}

function healthOf(change: (application: Data) => void): string | undefined {
  const application = synced();
  change(application);
  return runHealthCheck(applicationHealth, application).status;
}

describe('a child Application opens the way for the next wave only when it is really done', () => {
  test('synced and healthy: Healthy', () => expect(healthOf(() => {})).toBe('Healthy'));

  test('its own health is passed on, with its message', () => {
    expect(
      runHealthCheck(applicationHealth, { ...synced(), status: { ...synced().status, health: { status: 'Degraded', message: 'pod crashes' } } }),
    ).toEqual({
      status: 'Degraded',
      message: 'pod crashes',
    });
    expect(healthOf(({ status }) => (status.health.status = 'Progressing'))).toBe('Progressing');
    expect(healthOf(({ status }) => (status.health.status = 'Missing'))).toBe('Missing');
  });

  test('just created, nothing known: Progressing', () => {
    expect(healthOf((application) => delete application.status)).toBe('Progressing');
    expect(healthOf(({ status }) => delete status.health)).toBe('Progressing');
    expect(healthOf(({ status }) => delete status.operationState)).toBe('Progressing');
  });

  test('half of its objects applied, the sync still running or retried, although Healthy: Progressing', () => {
    expect(healthOf(({ status }) => (status.operationState.phase = 'Running'))).toBe('Progressing');
    expect(healthOf((application) => (application.operation = { sync: {} }))).toBe('Progressing');
  });

  test('the last sync failed, although what is there is Healthy: Degraded', () => {
    expect(healthOf(({ status }) => (status.operationState.phase = 'Failed'))).toBe('Degraded');
    expect(healthOf(({ status }) => (status.operationState.phase = 'Error'))).toBe('Degraded');
  });

  test('its spec changed and the status is that of the old one: Progressing', () => {
    expect(healthOf(({ spec }) => (spec.sources = [{ ...sources[0], targetRevision: '2.0.0' }, sources[1]]))).toBe('Progressing');
    expect(healthOf(({ spec }) => (spec.sources = [sources[0]]))).toBe('Progressing');
  });

  test('a newer commit was seen, but not synced: Progressing', () => {
    expect(
      healthOf(({ status }) => {
        status.sync.status = 'OutOfSync';
        status.sync.revisions = ['1.0.0', 'def'];
      }),
    ).toBe('Progressing');
  });

  test('drift after a sync that went well does not close the way for ever: Healthy', () => {
    expect(healthOf(({ status }) => (status.sync.status = 'OutOfSync'))).toBe('Healthy');
  });

  test('one source in place of several, with the zero values that Go leaves out', () => {
    const source = { repoURL: 'https://git.example.com', path: 'dist/x', targetRevision: 'main', directory: { recurse: true } };
    const single = (comparedTo: unknown): Record<string, unknown> => ({
      spec: { source },
      status: {
        health: { status: 'Healthy' },
        sync: { status: 'Synced', revision: 'abc', comparedTo },
        operationState: { phase: 'Succeeded', syncResult: { revision: 'abc' } },
      },
    });
    expect(
      runHealthCheck(applicationHealth, single({ source: { ...source, directory: { recurse: true, jsonnet: {} } }, destination: {} })).status,
    ).toBe('Healthy');
    expect(runHealthCheck(applicationHealth, single({ source: { ...source, path: 'dist/y' }, destination: {} })).status).toBe('Progressing');
  });
});

describe('a ClusterPolicy opens the way when Kyverno has loaded it', () => {
  const policy = (...conditions: unknown[]): unknown => ({ status: { conditions } });

  test('Ready: Healthy', () =>
    expect(runHealthCheck(clusterPolicyHealth, policy({ type: 'Ready', status: 'True', message: 'Ready' })).status).toBe('Healthy'));

  test('not ready, or nothing said yet: Progressing, never Degraded, which would fail the whole sync', () => {
    for (const object of [policy({ type: 'Ready', status: 'False' }), policy(), policy({ type: 'Other', status: 'True' }), {}, { status: {} }]) {
      expect(runHealthCheck(clusterPolicyHealth, object).status).toBe('Progressing');
    }
  });
});
