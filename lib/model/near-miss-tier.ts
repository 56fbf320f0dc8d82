import { separators, slips } from './near-miss-label';

/** Words that people name tiers after. A site that renamed or removed such a tier has PVCs that still carry it. */
const scheduleWords = ['hourly', 'daily', 'nightly', 'weekly', 'monthly', 'quarterly', 'yearly'] as const;

/**
 * Regular expression, as JavaScript and RE2 read it, of the label values that were meant as a tier: one of the site's or a word for a schedule, also with one letter
 * off. Values are compared in lower case and without separators.
 */
function pattern(tiers: readonly string[]): string {
  const words = [...new Set([...tiers.map((tier) => plain(tier)), ...scheduleWords])];
  return `^(${words.flatMap((word) => [word, ...slips(word)]).join('|')})$`;
}

const plain = (text: string): string => separators.reduce((rest, separator) => rest.replaceAll(separator, ''), text.toLowerCase());

/** Whether a value of the label `backup` was meant as a tier: `Hourly`, `dayly`, or `weekly` where that tier was removed. `velero` is somebody else's. */
export function looksLikeTier(value: string, tiers: readonly string[]): boolean {
  return new RegExp(pattern(tiers)).test(plain(value));
}

/**
 * {@link looksLikeTier} as CEL.
 *
 * @param value CEL of the label's value
 * @param tiers labels of the tiers
 */
export function nearTierExpression(value: string, tiers: readonly string[]): string {
  const text = separators.reduce((rest, separator) => `${rest}.replace('${separator}', '')`, `${value}.lowerAscii()`);
  return `${text}.matches('${pattern(tiers)}')`;
}
