import { distance } from 'fastest-levenshtein';
import { backupLabel } from './naming';

const letters = (text: string): string => [...text].toSorted().join('');

/** Whether a label key is the backup label misspelt (`backups`, `Backup`, `back-up`, `bakcup`): such a label protects nothing, and nobody says so. */
export function isMisspeltBackupKey(key: string): boolean {
  if (key === backupLabel) return false;
  const name = key
    .slice(key.indexOf('/') + 1)
    .toLowerCase()
    .replaceAll(/[-_.]/g, '');
  return distance(name, backupLabel) <= 1 || letters(name) === letters(backupLabel) || name === 'backedup';
}
