import * as v from 'valibot';
import { namePatternProblem } from '../../model/opt-in';
import { dnsLabelProblem } from '../checks';
import { block, list, shown, text } from '../schema-parts';

const oneNamespace = text((value) =>
  value.includes('*') ? `${shown(value)} names no single namespace: write an entry for each namespace, only names take a *` : dnsLabelProblem(value),
);

export const optIn = v.optional(
  list(
    block({
      /** Their namespace: one, and none of `excludedNamespaces`. */
      namespace: oneNamespace,
      /** Their names, 1 to 63 characters each; `*` stands for any part of a name, as in `data-*`. */
      names: list(text(namePatternProblem), 'is empty: name at least one PVC, or remove the entry'),
      /** Label of the tier that they get. A PVC that has the label of a tier keeps its own. */
      tier: text(() => undefined),
    }),
  ),
  [],
);
