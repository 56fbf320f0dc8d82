import { isDnsLabel, isDnsSubdomain } from '../model/kubernetes-name';
import { endpointProblem, loopbackProblem } from '../model/object-store';
import { quantityProblem } from '../model/quantity';
import { itemTitleProblem } from '../model/secret-key';
import { text } from './schema-parts';

/** Texts with limits that several blocks have. */

export const dnsLabel = text(dnsLabelProblem);
export const dnsSubdomain = text((value) =>
  isDnsSubdomain(value) ? undefined : `${JSON.stringify(value)} is not a Kubernetes name: 1 to 253 lower-case letters, digits, dashes and dots`,
);
/** A name of anything outside of Kubernetes. */
export const filled = text(nameProblem);
/** A name that stands in what Kyverno generates: it would put something else in place of a variable, or give the whole object up. */
export const literal = text(literalProblem);
/** The same, where the placeholder of the namespace may stand. */
export const literalPerNamespace = text((value) => literalProblem(value) ?? itemTitleProblem(value));
/** Sizes of Kubernetes with the units that a person means; `2000` would be bytes, `2M` nearly `2Mi`. */
export const quantity = text((value) =>
  /(Ki|Mi|Gi|Ti)$/.test(value) ? quantityProblem(value) : `${JSON.stringify(value)} is not a size: write a number with Ki, Mi, Gi or Ti`,
);
export const endpoint = text((value) => endpointProblem(value) ?? loopbackProblem(value));

export function dnsLabelProblem(value: string): string | undefined {
  return isDnsLabel(value) ? undefined : `${JSON.stringify(value)} is not a Kubernetes name: write 1 to 63 lower-case letters, digits and dashes`;
}

function literalProblem(value: string): string | undefined {
  return /\{\{|\$\(/.test(value)
    ? `${JSON.stringify(value)} has "{{" or "$(" in it, which Kyverno takes for a variable: give the item or field another name`
    : nameProblem(value);
}

function nameProblem(value: string): string | undefined {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return value.trim() === value && value !== '' && !/[\u0000-\u001f\u007f]/.test(value)
    ? undefined
    : `${JSON.stringify(value)} is empty, has spaces at its ends or a control character: write the name itself`;
}

/** Says what is wrong with what stands in front of names, or undefined. */
export function prefixProblem(prefix: string): string | undefined {
  return prefix === '' || (/^[a-z][a-z0-9-]*-$/.test(prefix) && prefix.length <= 20)
    ? undefined
    : `${JSON.stringify(prefix)} can't stand in front of a name: write up to 20 lower-case letters, digits and dashes with a dash at the end, for example backup-`;
}
