/** `npm run verify`: proves what `main.ts` renders, and that the output folder holds it. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { InputError } from '../lib/model/problems';
import { callIn } from './synth-call';
import { type Report, verify } from './verify';

const usage = `npm run verify [-- FILE]

Proves the tree of FILE (main.ts): its values, what you added to the platform, the rules that every tree keeps, the schema of every object,
the backup labels of your volumes, and that the output folder holds what FILE renders. Changes nothing. Exit code 1 when something is wrong.`;

function print({ summary, sections, notChecked, hints }: Report): boolean {
  console.log(summary);
  for (const { what, problems, remedy } of sections) {
    console.log(`${problems.length === 0 ? '  ok    ' : '  WRONG '} ${what}`);
    for (const problem of problems) console.log(`          - ${problem.replaceAll('\n', ' ')}`);
    if (problems.length > 0 && remedy !== undefined) console.log(`          ${remedy}`);
  }
  for (const hint of hints) console.log(`  note   ${hint}`);
  for (const each of notChecked) console.log(`  NOT CHECKED: ${each}`);
  const wrong = sections.reduce((sum, { problems }) => sum + problems.length, 0);
  console.log(
    wrong === 0
      ? `verified${notChecked.length === 0 ? '' : `, except what stands above as NOT CHECKED`}`
      : `${wrong} ${wrong === 1 ? 'problem' : 'problems'}`,
  );
  return wrong === 0;
}

function main(): number {
  const { values, positionals } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } }, allowPositionals: true });
  if (values.help === true) {
    console.log(usage);
    return 0;
  }
  return print(verify(callIn(join(process.cwd(), positionals[0] ?? 'main.ts')))) ? 0 : 1;
}

try {
  process.exitCode = main();
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
