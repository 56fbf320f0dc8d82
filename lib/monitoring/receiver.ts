import type { IAlertmanagerConfig } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1alpha1/AlertmanagerConfig';
import { ApiObject, type ApiObjectProps } from 'cdk8s';
import { Construct } from 'constructs';
import { ExternalSecret } from '../../imports/external-secrets.io';
import type { Manifest } from '../gitops/manifest';
import { syncWave } from '../gitops/sync-wave';
import { alertLabel } from '../model/alert-names';
import type { SecretSource } from '../model/secret-key';
import { fetchedSpec } from '../secrets/external-secret-spec';
import type { Site } from '../site/schema';
import { monitoringMetadata } from './metadata';

/** Who is told, see `SiteValues.monitoring.receiver`. */
export type Receiver = NonNullable<Site['monitoring']['receiver']>;
type SecretValue = NonNullable<Receiver['webhook']>['url'];

export interface AlertReceiverProps {
  readonly receiver: Receiver;
  /** Namespace of the Prometheus that reads the alerts. */
  readonly namespace: string;
  /** Store of the site, which has the values that are named by item and field. */
  readonly store: SecretSource['store'];
}

const name = 'backup-alerts';

/** Whether the secret of a receiver is an item of the site's store: the namespace of Prometheus fetches it then. */
export function isInStore({ webhook, slack, discord, telegram, email }: Receiver): boolean {
  const value = webhook?.url ?? slack?.url ?? discord?.url ?? telegram?.token ?? email?.password;
  return value?.item !== undefined;
}

/**
 * An AlertmanagerConfig that sends every alert of the system, and no other, to one receiver. The chart's Alertmanager is told to let it have alerts of all
 * namespaces. imports/ has no class for the kind: its CRD is larger than all others together.
 */
export class AlertReceiver extends Construct {
  constructor(scope: Manifest, id: string, { receiver, namespace, store }: AlertReceiverProps) {
    super(scope, id);
    const fetched = new Map<string, SecretValue>();
    const from = (field: string, value: SecretValue): KeyOfSecret => {
      if (value.secret !== undefined) return { name: value.secret, key: value.key! };
      fetched.set(field, value);
      return { name, key: field };
    };
    const config: IAlertmanagerConfig = {
      apiVersion: 'monitoring.coreos.com/v1alpha1',
      kind: 'AlertmanagerConfig',
      metadata: monitoringMetadata(name, namespace),
      spec: {
        route: {
          receiver: name,
          groupBy: ['alertname', 'namespace'],
          groupWait: '30s',
          groupInterval: '5m',
          repeatInterval: receiver.repeat,
          matchers: [{ name: alertLabel.name, matchType: '=', value: alertLabel.value }],
        },
        receivers: [{ name, ...waysOf(receiver, from) }],
      },
    };
    new ApiObject(this, 'config', config as ApiObjectProps);
    for (const [field, { item, field: property }] of fetched) {
      new ExternalSecret(this, 'secret', {
        // Before the configuration, which the operator leaves out as long as the Secret is missing.
        metadata: { ...monitoringMetadata(name, namespace), annotations: syncWave(-1) },
        spec: fetchedSpec(store, name, { [field]: { key: item!, property } }),
      });
    }
  }
}

type ReceiverSpec = NonNullable<IAlertmanagerConfig['spec']['receivers']>[number];

interface KeyOfSecret {
  readonly name: string;
  readonly key: string;
}

/** The fields of a receiver. @param from where a secret value stands in the cluster */
function waysOf(
  { webhook, email, slack, discord, telegram }: Receiver,
  from: (field: string, value: SecretValue) => KeyOfSecret,
): Partial<ReceiverSpec> {
  const sendResolved = true;
  if (webhook !== undefined) return { webhookConfigs: [{ urlSecret: from('url', webhook.url), sendResolved }] };
  if (slack !== undefined) return { slackConfigs: [{ apiURL: from('url', slack.url), channel: slack.channel, sendResolved }] };
  if (discord !== undefined) return { discordConfigs: [{ apiURL: from('url', discord.url), sendResolved }] };
  if (telegram !== undefined) return { telegramConfigs: [{ botToken: from('token', telegram.token), chatID: telegram.chat, sendResolved }] };
  const { to, from: sender, server: smarthost, user: authUsername, password, requireTls: requireTLS } = email!;
  const authPassword = password === undefined ? undefined : from('password', password);
  return { emailConfigs: [{ to, from: sender, smarthost, authUsername, authPassword, requireTLS, sendResolved }] };
}
