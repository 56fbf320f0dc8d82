import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import type { DataScenario } from '../../harness/data-scenario';
import { check } from '../../harness/check';
import { difference } from '../../harness/data';
import { Shell } from '../../harness/shell';
import { repository } from '../../harness/tree';

/** The commands of `docs/exit.md`, as they stand there. */
function commands(): string[] {
  const text = readFileSync(join(repository, 'docs', 'exit.md'), 'utf8');
  const block = /```sh\n(.*?)```/s.exec(text)?.[1];
  if (block === undefined) throw new Error('docs/exit.md has no commands');
  return block.replaceAll('\\\n', ' ').trim().split('\n');
}

export const exitScenarios: readonly DataScenario[] = [
  {
    name: 'without any cluster: the commands of docs/exit.md bring the data back',
    pvcs: 1,
    parallel: true,
    play: async (context) => {
      await context.cluster.namespace('exit');
      await context.protect('exit', 'data');
      const shell = await Shell.at(context, 'exit', 'data');
      const all = commands();
      check(all.length <= 5, `docs/exit.md needs ${all.length} commands`);
      await shell.script(all.join('\n'));
      const problem = difference(shell.read('restored'), context.backupOf('exit', 'data'));
      check(problem === undefined, `not what was backed up: ${problem}`);
      return `${all.length} commands`;
    },
  },
];
