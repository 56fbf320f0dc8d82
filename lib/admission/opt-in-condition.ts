import { namesExpression, type OptIn } from '../model/opt-in';

const isNamed = ({ namespace, names }: OptIn): string =>
  `(request.namespace == '${namespace}' && object.metadata.?name.orValue('').matches('${namesExpression(names)}'))`;

/** CEL: the site names the PVC, so that it is treated as labelled. One without a name yet (`generateName`) is none of them. */
export function isOptedIn(optIn: readonly OptIn[]): string {
  return optIn.map(isNamed).join(' || ');
}

/** CEL: the label of the tier that the site names for the PVC; empty where it names none. */
export function optedInTier(optIn: readonly OptIn[]): string {
  return [...optIn.map((entry) => `${isNamed(entry)} ? '${entry.tier}'`), `''`].join(' : ');
}
