import * as v from 'valibot';
import { isDnsLabel } from '../../model/kubernetes-name';
import { namePatternProblem } from '../../model/opt-in';
import { block, list, shown, text } from '../schema-parts';

const oneNamespace = text((value) => {
  if (isDnsLabel(value)) return undefined;
  return value.includes('*')
    ? `${shown(value)} names no single namespace: write an entry for each namespace, only names take a *`
    : `${shown(value)} is not a Kubernetes name: write 1 to 63 lower-case letters, digits and dashes`;
});

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
