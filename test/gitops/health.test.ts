import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { homelab } from '../../examples/homelab/site';
import { applicationHealth } from '../../lib/gitops/health/application';
import { clusterPolicyHealth } from '../../lib/gitops/health/cluster-policy';
import { runHealthCheck } from '../support/lua';
import { type Data, repository, Tree } from '../../verify/tree';

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
    expect(healthOf(({ status }) => delete status.sync)).toBe('Progressing');
  });

  test('just created and compared, but not synced yet: Progressing', () => {
    expect(
      healthOf(({ status }) => {
        delete status.operationState;
        status.sync.status = 'OutOfSync';
      }),
    ).toBe('Progressing');
  });

  test('made anew over what exists: Synced, and no operation will ever be needed: Healthy', () => {
    expect(healthOf(({ status }) => delete status.operationState)).toBe('Healthy');
    // Synced with the source of before says nothing.
    expect(
      healthOf(({ spec, status }) => {
        delete status.operationState;
        spec.sources = [sources[0]];
      }),
    ).toBe('Progressing');
  });

  test('half of its objects applied, the sync still running, although Healthy: Progressing', () => {
    expect(healthOf(({ status }) => (status.operationState.phase = 'Running'))).toBe('Progressing');
    expect(healthOf((application) => (application.operation = { sync: {} }))).toBe('Progressing');
  });

  test('its sync failed, and Argo CD retries it: Degraded, so that the root does not wait at its old commit', () => {
    expect(healthOf(({ status }) => (status.operationState = { phase: 'Running', retryCount: 1, message: 'refused' }))).toBe('Degraded');
  });

  test('the last sync failed, and something is missing, although what is there is Healthy: Degraded', () => {
    for (const phase of ['Failed', 'Error']) {
      expect(
        healthOf(({ status }) => {
          status.operationState.phase = phase;
          status.sync.status = 'OutOfSync';
        }),
      ).toBe('Degraded');
    }
  });

  test('the last sync failed, and since then everything came: its own health', () => {
    expect(healthOf(({ status }) => (status.operationState.phase = 'Failed'))).toBe('Healthy');
    expect(
      healthOf(({ status }) => {
        status.operationState.phase = 'Failed';
        status.health.status = 'Progressing';
      }),
    ).toBe('Progressing');
  });

  test('suspended by a person: Healthy, or the waves after it would wait for ever', () => {
    expect(healthOf(({ status }) => (status.health.status = 'Suspended'))).toBe('Healthy');
  });

  test('a sync that began with an older source keeps it: the message says how to end it', () => {
    const { status, message } = runHealthCheck(applicationHealth, {
      ...synced(),
      metadata: { name: 'kyverno', namespace: 'argocd' },
      operation: { sync: { source: { repoURL: '' }, sources: [{ ...sources[0], targetRevision: '0.9.0' }, sources[1]] } },
    });
    expect(status).toBe('Progressing');
    expect(message).toContain(`kubectl patch application kyverno -n argocd --type merge -p '{"status":{"operationState":{"phase":"Terminating"}}}'`);
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

  describe('what is on its way for too long is Degraded: that ends the operation of the root, which begins again with the newest commit', () => {
    const cases: readonly (readonly [string, (application: Data) => void])[] = [
      ['never compared', (application) => delete application.status],
      ['compared, and not synced', ({ status }) => ((status.sync.status = 'OutOfSync'), delete status.operationState)],
      ['a sync that hangs in a hook', ({ status }) => (status.operationState.phase = 'Running')],
      ['a new source that nobody compares', ({ spec }) => (spec.sources = [sources[0]])],
      ['a rollout without an end', ({ status }) => (status.health.status = 'Progressing')],
      ['objects that are missing', ({ status }) => (status.health.status = 'Missing')],
    ];
    const at = (minutes: number): string => new Date(Date.UTC(2026, 0, 1, 12, minutes)).toISOString().replace('.000Z', 'Z');

    test.each(cases)('%s', (_, change) => {
      const application = { ...synced(), metadata: { name: 'x', namespace: 'argocd', creationTimestamp: at(0) } };
      change(application);
      for (const hoursEast of [-7, 0, 9]) {
        expect(runHealthCheck(applicationHealth, application, { now: at(29), hoursEast }).status).not.toBe('Degraded');
        const late = runHealthCheck(applicationHealth, application, { now: at(31), hoursEast });
        expect(late.status).toBe('Degraded');
        expect(late.message).toContain('for more than 30 minutes');
      }
    });

    test('the last thing that happened counts', () => {
      for (const change of [
        ({ status }: Data) => (status.operationState.startedAt = at(20)),
        ({ status }: Data) => (status.operationState.finishedAt = at(20)),
        ({ status }: Data) => (status.health.lastTransitionTime = at(20)),
      ]) {
        const application = { ...synced(), metadata: { name: 'x', namespace: 'argocd', creationTimestamp: at(0) } };
        application.status.health.status = 'Progressing';
        change(application);
        expect(runHealthCheck(applicationHealth, application, { now: at(31) }).status).toBe('Progressing');
        expect(runHealthCheck(applicationHealth, application, { now: at(51) }).status).toBe('Degraded');
      }
    });

    test('what is done is never late', () => {
      expect(
        runHealthCheck(applicationHealth, { ...synced(), metadata: { creationTimestamp: '2020-01-01T00:00:00Z' } }, { now: '2026-01-01T00:00:00Z' })
          .status,
      ).toBe('Healthy');
    });
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

test('the command that ends an operation is the same in the health check, the alert, its runbook and the README', () => {
  const end = `--type merge -p '{"status":{"operationState":{"phase":"Terminating"}}}'`;
  const rules: Data[] = Tree.of(homelab)
    .one('PrometheusRule', 'volsync-alerts')
    .spec.groups.flatMap(({ rules: each }: Data) => each);
  const alert = rules.find((rule) => rule.alert === 'ApplicationStuck');
  expect(applicationHealth).toContain(end);
  expect(alert?.annotations.description).toContain(`kubectl patch application {{ $labels.name }} -n {{ $labels.namespace }} ${end}`);
  for (const path of ['README.md', 'docs/runbooks/ApplicationStuck.md'])
    expect(readFileSync(join(repository, path), 'utf8')).toContain(`kubectl patch application <name> -n argocd ${end}`);
});
