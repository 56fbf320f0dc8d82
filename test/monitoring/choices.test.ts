import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IAlertmanagerConfig } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1alpha1/AlertmanagerConfig';
import { homelab } from '../../examples/homelab/site';
import { buildTree, ProblemsError, type SiteValues } from '../../lib';
import { alertKinds, alertNames } from '../../lib/model/alert-names';
import { BackupTier } from '../../lib/model/tier';
import { backupAlerts } from '../../lib/monitoring/backup-alerts';
import { parseSite } from '../../lib/site/schema';
import { siteWarnings } from '../../lib/site/warnings';
import { CrdSchemas } from '../../verify/crd-schemas';
import { type Data, repository } from '../../verify/tree';
import { invariants } from '../../verify/invariants';
import { Tree } from '../../verify/tree';

type Monitoring = NonNullable<SiteValues['monitoring']>;

const site = (monitoring: Monitoring): SiteValues => ({ ...homelab, monitoring });
const filesOf = (monitoring: Monitoring): ReadonlyMap<string, { readonly objects: readonly Data[] }> => buildTree(site(monitoring)).render();

function problems(monitoring: unknown): readonly string[] {
  try {
    parseSite(site(monitoring as Monitoring));
    return [];
  } catch (error) {
    if (error instanceof ProblemsError) return error.problems;
    throw error;
  }
}

/** Rules of the system, and of a person's own. */
function rulesOf(monitoring: Monitoring): Data[] {
  const own = { name: 'own', severity: 'warning', expr: 'up == 0', for: '5m', summary: 's', description: 'd' } as const;
  const tree = buildTree(
    site(monitoring),
    (platform) => void platform.alerts('own-alerts', [{ name: 'own', alerts: [{ ...own, name: 'OwnAlert' }] }]),
  );
  return [...tree.render().values()]
    .flatMap((file): readonly Data[] => file.objects)
    .filter(({ kind }) => kind === 'PrometheusRule')
    .flatMap(({ spec }) => spec.groups.flatMap(({ rules }: Data) => rules));
}

describe('the names', () => {
  test('are those of the alerts', () => {
    const { tiers, projects } = parseSite(homelab);
    const rendered = backupAlerts(tiers.map(BackupTier.of), { projects, root: 'root' }).flatMap((group) => group.alerts.map(({ name }) => name));
    expect(alertNames.toSorted()).toEqual(rendered.toSorted());
  });

  test('an alert that guards is one whose runbook has something at risk that nothing else shows', () => {
    // Who changes this list has thought about the law.
    expect(alertNames.filter((name) => alertKinds[name] === 'comfort').toSorted()).toEqual([
      'ApplicationGaveUp',
      'ApplicationStuck',
      'ExternalSecretNotReady',
      'KopiaMaintenanceFailing',
      'PvcPlumberDown',
      'PvcPlumberUnknown',
      'PvcRestoreStuck',
      'VolSyncDurationTooLong',
      'VolSyncMissedScheduledBackup',
    ]);
  });
});

describe('alerts that are off', () => {
  test.each(alertNames)('%s alone: it is gone, all others stand, and the tree keeps its rules', (name) => {
    const names = rulesOf({ alerts: { off: [name] } }).map(({ alert }) => alert);
    expect(names.toSorted()).toEqual([...alertNames.filter((each) => each !== name), 'OwnAlert'].toSorted());
    const values = site({ alerts: { off: [name] } });
    const tree = Tree.of(values);
    expect(invariants.flatMap(({ check }) => check(tree, parseSite(values)))).toEqual([]);
    expect(siteWarnings(parseSite(values))).toEqual(
      alertKinds[name] === 'guard' ? [expect.stringContaining(`"${name}" is off, and nothing else tells`)] : [],
    );
  });

  test('all of them: no empty file, no empty group', () => {
    expect(rulesOf({ alerts: { off: alertNames } }).map(({ alert }) => alert)).toEqual(['OwnAlert']);
  });

  test('a name that is none does not compile, and is refused', () => {
    // @ts-expect-error -- there is no such alert
    const wrong: Monitoring = { alerts: { off: ['PvcBackupStael'] } };
    expect(problems(wrong)).toEqual([
      expect.stringMatching(/^site\.monitoring\.alerts\.off\[0\]: "PvcBackupStael" is not an alert of this system: write one of VolSync/),
    ]);
  });
});

describe('labels and annotations', () => {
  test('stand on every alert, beside its own', () => {
    const rules = rulesOf({
      alerts: { labels: { team: 'home', channel: 'backups' }, annotations: { dashboard: 'https://grafana.example.org/d/zero-touch-pvc' } },
    });
    expect(rules.length).toBe(alertNames.length + 1);
    for (const { labels, annotations } of rules) {
      expect(labels).toEqual({ team: 'home', channel: 'backups', severity: expect.any(String), part_of: 'zero-touch-pvc' });
      expect(Object.keys(annotations)).toEqual(['dashboard', 'description', 'runbook_url', 'summary']);
    }
  });

  test.each([
    [
      { labels: { severity: 'info' } },
      'site.monitoring.alerts.labels.severity: "severity" is a label that the alerts have already: take another name',
    ],
    [
      { labels: { namespace: 'x' } },
      'site.monitoring.alerts.labels.namespace: "namespace" is a label that the alerts have already: take another name',
    ],
    [
      { labels: { 'my-team': 'x' } },
      'site.monitoring.alerts.labels.my-team: "my-team" is not a label of Prometheus: letters, digits and underscores, no digit first',
    ],
    [
      { annotations: { runbook_url: 'x' } },
      'site.monitoring.alerts.annotations.runbook_url: "runbook_url" is an annotation that the alerts have already: take another name',
    ],
    [{ labels: { team: 1 } }, "site.monitoring.alerts.labels.team: 1 is not a string: write a text, '…'"],
    [{ labels: ['a'] }, expect.stringMatching(/^site\.monitoring\.alerts\.labels/)],
  ])('%j is refused', (alerts, problem) => expect(problems({ alerts })).toEqual([problem]));
});

const inSecret = { secret: 'tell-me', key: 'value' } as const;
const inVault = { item: 'alerting', field: 'token' } as const;

const receivers: readonly NonNullable<Monitoring['receiver']>[] = [inSecret, inVault].flatMap((value) => [
  { webhook: { url: value } },
  { slack: { url: value, channel: '#backups' } },
  { slack: { url: value } },
  { discord: { url: value }, repeat: '1d' },
  { telegram: { token: value, chat: -1_001_234 } },
  { email: { to: 'me@example.org', from: 'cluster@example.org', server: 'smtp.example.org:587', user: 'cluster', password: value } },
]);

describe('a receiver', () => {
  test('whose secret is an item may be fetched by the namespace of Prometheus, where a label restricts the store', () => {
    const namespaces = (monitoring: Monitoring): Data[] => {
      const values = { ...site(monitoring), onepassword: { ...homelab.onepassword!, namespaceLabel: 'example.com/backups' } };
      const files = [...buildTree(values).render().values()];
      const store = files.flatMap(({ objects }): readonly Data[] => objects).find(({ kind }) => kind === 'ClusterSecretStore');
      return store!.spec.conditions.flatMap((condition: Data) => condition.namespaces ?? []);
    };
    expect(namespaces({ receiver: { webhook: { url: inVault } } })).toEqual(['volsync-system', 'prometheus-stack']);
    expect(namespaces({ receiver: { telegram: { token: inVault, chat: 1 } }, prometheusStack: false, prometheusNamespace: 'watch' })).toEqual([
      'volsync-system',
      'watch',
    ]);
    expect(namespaces({ receiver: { webhook: { url: inSecret } } })).toEqual(['volsync-system']);
    expect(namespaces({})).toEqual(['volsync-system']);
  });

  test.each(receivers.map((receiver) => [JSON.stringify(receiver), receiver] as const))(
    '%s: every alert matches its route, and it is what the CRD wants',
    (_, receiver) => {
      const { objects } = filesOf({ receiver }).get('monitoring/prometheus-stack/alert-receiver.yaml')!;
      const config = objects.find(({ kind }) => kind === 'AlertmanagerConfig') as unknown as IAlertmanagerConfig;
      const { route, receivers: [told] = [] } = config.spec;
      expect([route!.receiver, told!.name]).toEqual(['backup-alerts', 'backup-alerts']);
      expect(route!.repeatInterval).toBe(receiver.repeat ?? '12h');
      const [{ name, matchType, value }] = route!.matchers! as [{ name: string; matchType: string; value: string }];
      expect(matchType).toBe('=');
      for (const { alert, labels } of rulesOf({ receiver })) expect([alert, labels[name]]).toEqual([alert, value]);

      // The value itself is nowhere; where it stands is.
      const secret = objects.find(({ kind }) => kind === 'ExternalSecret');
      if (JSON.stringify(receiver).includes('alerting')) {
        const [{ secretKey, remoteRef }] = secret!.spec.data;
        expect(remoteRef).toEqual({ key: 'alerting', property: 'token' });
        expect(secret!.spec.secretStoreRef).toEqual({ kind: 'ClusterSecretStore', name: '1password' });
        expect(JSON.stringify(told)).toContain(JSON.stringify({ key: secretKey, name: secret!.spec.target.name }));
        expect(secret!.metadata.namespace).toBe(config.metadata!.namespace);
      } else {
        expect(secret).toBeUndefined();
        expect(JSON.stringify(told)).toContain('{"key":"value","name":"tell-me"}');
      }
    },
  );

  test('is one by the schema of the operator’s kinds', () => {
    const configs = receivers.map((receiver) =>
      filesOf({ receiver })
        .get('monitoring/prometheus-stack/alert-receiver.yaml')!
        .objects.find(({ kind }) => kind === 'AlertmanagerConfig'),
    );
    const wrong = structuredClone(configs[0]);
    wrong!.spec.receivers[0].webhookConfigs[0].urlSecret = 'https://hooks.example.org';
    // An ES module only, which Jest does not load.
    const program = `import { AlertmanagerConfig } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1alpha1/AlertmanagerConfig';
      const said = (config) => { try { new AlertmanagerConfig(config).validate(); return ''; } catch (error) { return error.message; } };
      console.log(JSON.stringify(${JSON.stringify([...configs, wrong])}.map(said)));`;
    const said = JSON.parse(
      execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd: repository, encoding: 'utf8' }),
    ) as string[];
    expect(said.slice(0, -1).filter((message) => message !== '')).toEqual([]);
    expect(said.at(-1)).toMatch(/urlSecret/);
  });

  const crd = existsSync(join(repository, '.cache/crds/prometheus-operator/monitoring.coreos.com_alertmanagerconfigs.yaml'));
  test('is what the pinned CRD wants, unknown fields included, or verify says that it was not checked', () => {
    const crds = CrdSchemas.load();
    for (const receiver of receivers) {
      for (const object of filesOf({ receiver }).get('monitoring/prometheus-stack/alert-receiver.yaml')!.objects) {
        const known = crds !== undefined && !crds.lacks(object);
        expect(known || object.kind === 'ExternalSecret').toBe(object.kind === 'ExternalSecret' || crd);
        expect(known ? crds.problems(object) : []).toEqual([]);
      }
    }
  });

  test('a Secret with a whole configuration is what the chart’s Alertmanager reads, and nothing stands beside it', () => {
    const files = filesOf({ receiver: { configuration: 'my-alertmanager' } });
    expect(files.has('monitoring/prometheus-stack/alert-receiver.yaml')).toBe(false);
    const [chart] = files.get('infrastructure/controllers/argocd/apps/prometheus-stack-app.yaml')!.objects[0].spec.sources;
    expect(chart.helm.valuesObject.alertmanager.alertmanagerSpec).toEqual({
      alertmanagerConfigMatcherStrategy: { type: 'None' },
      useExistingSecret: true,
      configSecret: 'my-alertmanager',
    });
  });

  test('beside a Prometheus of one’s own there is the AlertmanagerConfig, too', () => {
    expect(filesOf({ prometheusStack: false, receiver: receivers[0]! }).has('monitoring/prometheus-stack/alert-receiver.yaml')).toBe(true);
  });

  test.each([
    [{}, 'site.monitoring.receiver: must name one way to tell you: write one of webhook, email, slack, discord, telegram, configuration'],
    [{ slack: { url: inSecret }, discord: { url: inSecret } }, expect.stringMatching(/^site\.monitoring\.receiver: must name one way/)],
    [
      { webhook: { url: 'https://hooks.example.org/secret' } },
      expect.stringMatching(
        /^site\.monitoring\.receiver\.webhook\.url: "https:\/\/hooks\.example\.org\/secret" is not an object: write one, \{ … \}$/,
      ),
    ],
    [
      { webhook: { url: {} } },
      expect.stringMatching(/^site\.monitoring\.receiver\.webhook\.url: names no place: write \{ secret: '…', key: '…' \} for a Secret/),
    ],
    [{ webhook: { url: { ...inSecret, ...inVault } } }, expect.stringMatching(/names no place/)],
    [{ webhook: { url: { secret: 'a' } } }, expect.stringMatching(/names no place/)],
    [{ webhook: { url: { item: 'a' } } }, expect.stringMatching(/names no place/)],
    [{ telegram: { token: inSecret, chat: 1.5 } }, expect.stringMatching(/^site\.monitoring\.receiver\.telegram\.chat: 1\.5 is not a whole number/)],
    [
      { email: { to: 'me', from: 'a@b', server: 'smtp.example.org:587' } },
      'site.monitoring.receiver.email.to: "me" is not an address: write one like me@example.org',
    ],
    [{ email: { to: 'a@b', from: 'a@b', server: 'smtp.example.org' } }, expect.stringMatching(/is not a server: write host:port/)],
    [{ webhook: { url: inSecret }, repeat: '12' }, expect.stringMatching(/^site\.monitoring\.receiver\.repeat: "12" is not a duration/)],
  ])('%j is refused, in one sentence', (receiver, problem) => expect(problems({ receiver })).toEqual([problem]));

  test('a whole configuration without the stack is refused', () => {
    expect(problems({ prometheusStack: false, receiver: { configuration: 'mine' } })).toEqual([
      expect.stringMatching(
        /^site\.monitoring\.receiver\.configuration: "mine" is for the Alertmanager of this tree, and prometheusStack is false: give/,
      ),
    ]);
  });
});

test('docs/monitoring.md shows a receiver of each kind', () => {
  const manual = readFileSync(join(repository, 'docs/monitoring.md'), 'utf8');
  expect(
    ['webhook:', 'email:', 'slack:', 'discord:', 'telegram:', 'configuration:', 'off:', 'labels:'].filter((word) => !manual.includes(word)),
  ).toEqual([]);
});
