import type { AlertName } from '../model/alert-names';

/** Where a value that must not be in Git comes from: a Secret in the namespace of Prometheus, or a field of an item in the 1Password vault of the site. */
export interface SecretValue {
  /** Name of a Secret in the namespace of Prometheus, which you make. */
  readonly secret?: string;
  /** Key in that Secret. */
  readonly key?: string;
  /** In place of a Secret: title of an item in the 1Password vault of the site. */
  readonly item?: string;
  /** Label of the field in that item. */
  readonly field?: string;
}

/** Which alerts there are, and what stands on all of them. */
export interface AlertValues {
  /** Alerts that are not rendered, by name. Synth warns where one of them is the only sign that a PVC is not protected. @default - none */
  readonly off?: readonly AlertName[];
  /** Labels of every alert, for the routes of an Alertmanager: `{ team: 'home' }`. Every alert has `part_of: zero-touch-pvc`. @default - none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Annotations of every alert, for the templates of its messages. @default - none */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Who is told of the alerts: one of these. */
export interface ReceiverValues {
  /** Calls a URL with Alertmanager's JSON. */
  readonly webhook?: { readonly url: SecretValue };
  /** Sends mail. */
  readonly email?: {
    readonly to: string;
    readonly from: string;
    /** The server that takes the mail, `host:port`. */
    readonly server: string;
    /** User at that server. @default - none */
    readonly user?: string;
    /** Password of that user. @default - none */
    readonly password?: SecretValue;
    /** Refuse a server without TLS. @default - true */
    readonly requireTls?: boolean;
  };
  /** Posts to Slack, or to what takes Slack's messages. */
  readonly slack?: {
    readonly url: SecretValue;
    /** @default - the one that the URL stands for */
    readonly channel?: string;
  };
  /** Posts to a Discord channel. */
  readonly discord?: { readonly url: SecretValue };
  /** Writes to a Telegram chat. */
  readonly telegram?: {
    /** Token of the bot. */
    readonly token: SecretValue;
    /** Numeric id of the chat; that of a group is negative. */
    readonly chat: number;
  };
  /**
   * In place of all of these: name of a Secret in the namespace of Prometheus with a whole configuration of Alertmanager, in the key `alertmanager.yaml`.
   * Whether the alerts reach anybody is then up to that configuration.
   */
  readonly configuration?: string;
  /** How often a standing alert is said again: a number with m, h or d. @default - 12h */
  readonly repeat?: string;
}
