import { backupLabel } from './naming';

/** What separates words in a key, and what is left out before keys are compared. */
export const separators = ['-', '_', '.'] as const;

/**
 * Regular expression, as JavaScript and RE2 read it, of the spellings of the label that are one letter off: one too many, one too few, another one, or two
 * that changed places. Keys are compared in lower case and without separators. A digit is not a typing slip: `backup2` means something else.
 */
export const nearMissPattern = `^(${[backupLabel, 'backedup', ...slips(backupLabel)].join('|')})$`;

/**
 * Whether a label's key looks like a misspelling of `backup`: `backups`, `Backup`, `back-up`, `bakcup`, `example.com/backup`. Such a label protects nothing. A
 * prefix is left out: whether a key with one was meant for backups, only its value can tell, see {@link nearMissExpression}.
 */
export function looksLikeBackupLabel(key: string): boolean {
  if (key === backupLabel) return false;
  const name = key.slice(key.lastIndexOf('/') + 1).toLowerCase();
  return new RegExp(nearMissPattern).test(separators.reduce((text, separator) => text.replaceAll(separator, ''), name));
}

/**
 * Whether a label was meant for backups and asks for none. A key with somebody's prefix is theirs, unless its value is that of a tier.
 *
 * @param tiers labels of the tiers
 */
export function isMisspeltBackupLabel(key: string, value: unknown, tiers: readonly unknown[]): boolean {
  return looksLikeBackupLabel(key) && (!key.includes('/') || tiers.includes(value));
}

/**
 * {@link isMisspeltBackupLabel} as CEL.
 *
 * @param key name of the CEL variable that holds the key
 * @param value CEL of the label's value
 * @param tiers CEL of the list of the tiers' labels
 */
export function nearMissExpression(key: string, value: string, tiers: string): string {
  const name = `${key}.substring(${key}.lastIndexOf('/') + 1).lowerAscii()`;
  const plain = separators.reduce((text, separator) => `${text}.replace('${separator}', '')`, name);
  return `(${key} != '${backupLabel}' && ${plain}.matches('${nearMissPattern}') && (!${key}.contains('/') || ${value} in ${tiers}))`;
}

/** Regular expressions of the spellings of a word that are one letter off: another one, one too few, one too many, or two that changed places. */
export function slips(word: string): string[] {
  const positions = Array.from(word, (_, index) => index);
  return [
    ...positions.map((index) => `${word.slice(0, index)}[a-z]?${word.slice(index + 1)}`),
    ...[...positions, word.length].map((index) => `${word.slice(0, index)}[a-z]${word.slice(index)}`),
    ...positions.slice(1).map((index) => word.slice(0, index - 1) + word[index]! + word[index - 1]! + word.slice(index + 1)),
  ];
}
