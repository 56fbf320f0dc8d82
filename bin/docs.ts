import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { diskMeaning } from '../lib/gitops/disk-problem';
import { InputError, ProblemsError } from '../lib/model/problems';

/** The first line of a document in a person's repository: no file without it is overwritten. */
export const documentHeader = '<!-- From the package zero-touch-pvc: `npx zero-touch-pvc docs` writes this file again after an update. -->';

/** Where the package has the manual. */
const manual = join(__dirname, '..', 'docs');

/** Writes the manual and the runbooks, which the alerts link, into `docs/` of the current folder. @returns exit code */
export function docs(args: readonly string[]): number {
  if (args.length > 0) throw new InputError(`zero-touch-pvc docs takes no arguments, and "${args.join(' ')}" was given: leave it out`);
  try {
    const pages = readdirSync(manual, { recursive: true, encoding: 'utf8' }).filter((page) => page.endsWith('.md'));
    const foreign = pages.map((page) => join('docs', page)).filter((file) => existsSync(file) && !isOurs(file));
    if (foreign.length > 0)
      throw new ProblemsError(
        'The manual is not written, because files of your own have its names:',
        foreign.map((file) => `${file}: move it away`),
      );
    const changed = pages.filter((page) => written(join('docs', page), readFileSync(join(manual, page), 'utf8')));
    console.log(`docs: ${pages.length} pages of the manual; ${changed.length === 0 ? 'nothing changed' : `${changed.length} written`}`);
    return 0;
  } catch (error) {
    const meaning = diskMeaning(error, 'docs');
    throw meaning === undefined ? error : new InputError(`The manual was not written whole into docs: ${meaning}.`);
  }
}

function isOurs(file: string): boolean {
  return lstatSync(file).isFile() && readFileSync(file, 'utf8').startsWith(documentHeader);
}

function written(file: string, text: string): boolean {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return false;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return true;
}
