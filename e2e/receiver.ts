/**
 * `npm run e2e:receiver`: the alerts of the rendered tree reach the receiver of the README, and that of a site, through the configuration that the real
 * prometheus-operator writes.
 */
import type { SiteValues } from '../lib';
import { helped } from '../scripts/usage';
import { Alerting, chartProblem } from './harness/alerting';
import { same } from './harness/check';
import { runProgram } from './harness/program';
import { Report } from './harness/report';
import { runInSandbox, sandboxFolder, sandboxProblem } from './harness/sandbox';
import { buildTools } from './harness/tools';
import type { KubeObject } from './harness/api';
import { exampleTree, objectsOf, treeObjects } from './harness/tree';
import { eventually } from './harness/waiting';

const usage = `npm run e2e:receiver   the alerts reach the receiver of the README and that of a site, as prometheus-operator configures Alertmanager
wants Go, and the values of the chart kube-prometheus-stack: CHARTS_FROM, or ../shared/charts`;

const receiver = 'alerting/tell-me/me';

interface Rule {
  readonly alert: string;
  readonly labels: { readonly severity: string };
}

const rules = (): Rule[] =>
  treeObjects().flatMap(({ object }) =>
    object.kind === 'PrometheusRule' ? (object['spec'].groups as { rules: Rule[] }[]).flatMap((group) => group.rules) : [],
  );

/** Where alerts of this tree come from: the namespace of a PVC, of the platform, or none. */
const places: readonly Readonly<Record<string, string>>[] = [
  {},
  { namespace: 'my-app' },
  { obj_namespace: 'my-app' },
  { namespace: 'volsync-system' },
  { namespace: 'kyverno' },
];

type Way = Exclude<keyof NonNullable<NonNullable<SiteValues['monitoring']>['receiver']>, 'repeat' | 'configuration'>;

const url = { secret: 'told', key: 'url' };

/** A site's receiver of each way, with the secret values in a Secret of the cluster. The last one is called. */
const ways = {
  slack: { slack: { url, channel: '#backups' } },
  discord: { discord: { url } },
  telegram: { telegram: { token: { secret: 'told', key: 'token' }, chat: -1001234 } },
  email: {
    email: {
      to: 'me@example.org',
      from: 'cluster@example.org',
      server: 'smtp.example.org:587',
      user: 'cluster',
      password: { secret: 'told', key: 'password' },
    },
  },
  webhook: { webhook: { url } },
} satisfies Record<Way, NonNullable<SiteValues['monitoring']>['receiver']>;

/** The AlertmanagerConfig of a site with that receiver. */
function configOf(way: Way): KubeObject {
  const objects = [...exampleTree({ monitoring: { receiver: ways[way] } }).values()].flatMap(objectsOf);
  return objects.find(({ kind }) => kind === 'AlertmanagerConfig')!;
}

/** Each alert of ours, from wherever, and no alert of others, reaches that receiver. @returns how many */
function everyAlertReaches(alerting: Alerting, wanted: string): string {
  for (const { alert, labels } of rules())
    for (const place of places)
      same(alerting.receiversOf({ alertname: alert, ...labels, ...place }), wanted, `receiver of ${alert} ${JSON.stringify(place)}`);
  same(alerting.receiversOf({ alertname: 'Watchdog', severity: 'none' }), 'null', 'receiver of Watchdog');
  return `${rules().length} alerts, ${places.length} places`;
}

async function main(): Promise<number> {
  if (sandboxFolder === undefined) return outside();
  const report = new Report();
  const alerting = await Alerting.start();
  try {
    await report.line('each alert, from whatever namespace, goes to the receiver of the README', async () => {
      await alerting.configured();
      return everyAlertReaches(alerting, receiver);
    });
    await report.line('the command of the README makes Alertmanager call the receiver', async () => {
      const begun = Date.now();
      const alert = await alerting.tried();
      await eventually('the message', 60, async () => alerting.received.some(({ alertname }) => alertname === alert));
      return `${alert}, after ${((Date.now() - begun) / 1000).toFixed(0)} s`;
    });
    await report.line('without the tree’s matcher strategy the same receiver gets nothing (the test of the test)', async () => {
      await alerting.configured({ type: 'OnNamespace' });
      same(alerting.receiversOf({ alertname: 'PvcBackupStale', severity: 'critical', namespace: 'my-app' }), 'null', 'receiver');
    });
    for (const way of Object.keys(ways) as Way[])
      await report.line(`each alert, and none of others, goes to a site’s receiver of the way ${way}`, async () => {
        await alerting.receivedBy(configOf(way), way);
        same(alerting.receiversOf({ alertname: 'KubePodCrashLooping', severity: 'critical' }), 'null', 'receiver of an alert of others');
        return everyAlertReaches(alerting, 'prometheus-stack/backup-alerts/backup-alerts');
      });
    await report.line('a site’s webhook is called', async () => {
      const begun = Date.now();
      const { alert, labels } = rules().find((rule) => rule.alert === 'PvcRestoreStuck')!;
      await alerting.sent({ alertname: alert, ...labels, namespace: 'my-app' });
      await eventually('the message', 90, async () => alerting.received.some(({ alertname }) => alertname === alert));
      return `${alert}, after ${((Date.now() - begun) / 1000).toFixed(0)} s`;
    });
  } finally {
    await alerting.stop();
  }
  return report.end();
}

/** Before the sandbox: it has no network. */
function outside(): number {
  const problem = sandboxProblem() ?? chartProblem();
  if (problem !== undefined) {
    console.error(`e2e:receiver: SKIPPED ENTIRELY, nothing was proven: ${problem}`);
    return 1;
  }
  if (!buildTools(['etcd', 'kube-apiserver', 'kube-controller-manager', 'prometheus-operator', 'alertmanager', 'amtool'])) {
    console.error('e2e:receiver: SKIPPED ENTIRELY, nothing was proven: the programs above could not be built');
    return 1;
  }
  return runInSandbox();
}

if (!helped(usage)) runProgram('e2e:receiver', main);
