import * as v from 'valibot';
import { dnsSubdomain, literal, literalPerNamespace } from '../checks';
import { block, text } from '../schema-parts';

const place = v.pipe(
  block({ key: literalPerNamespace, property: v.optional(literal), version: v.optional(literal) }),
  v.metadata({ typescript: 'RemoteRef', from: "import type { RemoteRef } from '../model/secret-key';" }),
);

const places = block({
  accessKeyId: place,
  secretAccessKey: place,
  kopiaPassword: place,
  /** The S3 endpoint, for pvc-plumber, which compares it with the site's. */
  endpoint: place,
  /** The bucket, likewise. */
  bucket: place,
});

export const secrets = v.optional(
  block({
    /** A store that is there already. */
    store: block({
      /** Name of the store. */
      name: dnsSubdomain,
      /** `ClusterSecretStore`, or `SecretStore`: one of that name must then be in `volsync-system` and in each namespace with a labelled PVC. */
      kind: v.optional(v.picklist(['ClusterSecretStore', 'SecretStore'], wrongKind), 'ClusterSecretStore'),
    }),
    /** Where the five values are. `{namespace}` in a `key` stands for the namespace of a PVC, as `onepassword.item` says. */
    keys: places,
    /** Where pvc-plumber's own key is, which only has to read. Needed where `keys` names places for each namespace. @default - `keys` */
    plumberKeys: v.optional(places),
  }),
);

/** Keys of a Secret. */
const key = text((value) =>
  /^[-._a-zA-Z0-9]{1,253}$/.test(value)
    ? undefined
    : `${JSON.stringify(value)} is not a key of a Secret: write letters, digits, dashes, dots and underscores`,
);

export const ownSecret = v.optional(
  block({
    /** Name of the Secret, in `volsync-system`. */
    name: dnsSubdomain,
    /** Name of the ClusterSecretStore that the tree makes to read it. */
    store: v.optional(dnsSubdomain, 'backup-credentials'),
    /** Keys of the Secret. */
    keys: v.optional(
      block({
        accessKeyId: v.optional(key, 'accessKeyId'),
        secretAccessKey: v.optional(key, 'secretAccessKey'),
        kopiaPassword: v.optional(key, 'kopiaPassword'),
        /** The S3 endpoint, for pvc-plumber, which compares it with the site's. */
        endpoint: v.optional(key, 'endpoint'),
        /** The bucket, likewise. */
        bucket: v.optional(key, 'bucket'),
      }),
      {},
    ),
  }),
);

function wrongKind({ input }: { readonly input: unknown }): string {
  return `${JSON.stringify(input)} is not a kind of store: write ClusterSecretStore or SecretStore`;
}
