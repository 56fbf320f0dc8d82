import * as v from 'valibot';
import { dnsSubdomain, filled } from '../checks';
import { block, text, whole, switched } from '../schema-parts';

const address = text((value) =>
  /^[^\s@<>]+@[^\s@<>]+$/.test(value) ? undefined : `${JSON.stringify(value)} is not an address: write one like me@example.org`,
);

/** Where a value that must not be in Git comes from: a Secret beside Alertmanager, or the store of the credentials. */
const secret = v.pipe(
  block({
    /** Name of a Secret in the namespace of Prometheus, which you make. */
    secret: v.optional(dnsSubdomain),
    /** Key in that Secret. */
    key: v.optional(filled),
    /** In place of a Secret: title of an item in the 1Password vault of the site. */
    item: v.optional(filled),
    /** Label of the field in that item. */
    field: v.optional(filled),
  }),
  v.check(
    ({ secret: name, key, item, field }) =>
      [name !== undefined, key !== undefined].every((given) => given === (item === undefined)) && (item === undefined) === (field === undefined),
    "names no place: write { secret: '…', key: '…' } for a Secret in the cluster, or { item: '…', field: '…' } for a field in the store of the credentials",
  ),
  v.metadata({ typescript: 'AlertSecret', from: "import type { AlertSecret } from '../model/alert-names';" }),
);

const kinds = ['webhook', 'email', 'slack', 'discord', 'telegram', 'configuration'] as const;

export const receiver = v.optional(
  v.pipe(
    block({
      /** Calls a URL with Alertmanager's JSON. */
      webhook: v.optional(
        block({
          /** The URL; whoever knows it may call it. */
          url: secret,
        }),
      ),
      /** Sends mail. */
      email: v.optional(
        block({
          /** Who gets it. */
          to: address,
          /** Who it is from. */
          from: address,
          /** The server that takes the mail, `host:port`. */
          server: text((value) =>
            /^[\w.-]+:\d{1,5}$/.test(value)
              ? undefined
              : `${JSON.stringify(value)} is not a server: write host:port, for example smtp.example.org:587`,
          ),
          /** User at that server. @default - none */
          user: v.optional(filled),
          /** Password of that user. @default - none */
          password: v.optional(secret),
          /** Refuse a server without TLS. */
          requireTls: switched(true),
        }),
      ),
      /** Posts to Slack, or to what takes Slack's messages. */
      slack: v.optional(
        block({
          /** The webhook of Slack. */
          url: secret,
          /** @default - the one that the URL stands for */
          channel: v.optional(filled),
        }),
      ),
      /** Posts to a Discord channel. */
      discord: v.optional(
        block({
          /** The webhook of the channel. */
          url: secret,
        }),
      ),
      /** Writes to a Telegram chat. */
      telegram: v.optional(
        block({
          /** Token of the bot. */
          token: secret,
          /** Numeric id of the chat; that of a group is negative. */
          chat: whole(-Number.MAX_SAFE_INTEGER),
        }),
      ),
      /**
       * In place of all of these: name of a Secret in the namespace of Prometheus with a whole configuration of Alertmanager, in the key `alertmanager.yaml`.
       * Whether the alerts reach anybody is then up to that configuration.
       */
      configuration: v.optional(dnsSubdomain),
      /** How often a standing alert is said again: a number with m, h or d. */
      repeat: v.optional(
        text((value) =>
          /^[1-9]\d*[mhd]$/.test(value) ? undefined : `${JSON.stringify(value)} is not a duration: write a number with m, h or d, for example 12h`,
        ),
        '12h',
      ),
    }),
    v.check(
      (given) => kinds.filter((kind) => given[kind] !== undefined).length === 1,
      `must name one way to tell you: write one of ${kinds.join(', ')}`,
    ),
  ),
);
