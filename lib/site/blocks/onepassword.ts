import * as v from 'valibot';
import { namespace } from '../../model/naming';
import { connectHostProblem, loopbackProblem } from '../../model/object-store';
import { dnsSubdomain, filled, literal } from '../checks';
import { block, switched, text } from '../schema-parts';

export const onepassword = v.optional(
  block({
    /** Install the Connect server. Off where one is there already, at `connectHost`. */
    install: switched(true),
    /** URL of the 1Password Connect server. @default - the one of this tree */
    connectHost: v.optional(
      text((value) => connectHostProblem(value) ?? loopbackProblem(value)),
      `http://onepassword-connect.${namespace.onepassword}.svc.cluster.local:8080`,
    ),
    /** Name of the vault. */
    vault: filled,
    /** Title of the item. */
    item: literal,
    /** Labels of the item's fields. */
    fields: block({
      accessKeyId: literal,
      secretAccessKey: literal,
      kopiaPassword: literal,
      /** The S3 endpoint, for pvc-plumber, which compares it with the site's. */
      endpoint: literal,
      /** The bucket, likewise. */
      bucket: literal,
    }),
    /** Name of the ClusterSecretStore. */
    store: v.optional(dnsSubdomain, '1password'),
  }),
);
