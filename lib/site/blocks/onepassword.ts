import * as v from 'valibot';
import { labelKeyProblem } from '../../model/kubernetes-name';
import { namespace } from '../../model/naming';
import { connectHostProblem, loopbackProblem } from '../../model/object-store';
import { dnsSubdomain, filled, literal, literalPerNamespace } from '../checks';
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
    /**
     * Title of the item. `{namespace}` in it stands for the namespace of a PVC, as in `backup-{namespace}`: each namespace then has a key of the store and a
     * Kopia password of its own, and who can read its Secrets can't reach the backups of others (docs/security.md).
     */
    item: literalPerNamespace,
    /** Title of the item with pvc-plumber's own key, which only has to read. Needed where `item` names one for each namespace. @default - `item` */
    plumberItem: v.optional(literal),
    /** Key of a label: only namespaces that have it may use the ClusterSecretStore, and the platform's. @default - none, every namespace may */
    namespaceLabel: v.optional(text(labelKeyProblem)),
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
