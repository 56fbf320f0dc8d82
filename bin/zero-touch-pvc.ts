#!/usr/bin/env node
// First: an old Node would fail at the modules after it, with a stack trace.
// eslint-disable-next-line import/no-unassigned-import -- it looks at Node while it is loaded
import '../lib/node-version';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { InputError } from '../lib/model/problems';
import { docs } from './docs';
import { init } from './init/init';

const usage = `zero-touch-pvc init FOLDER   makes a repository of your own: main.ts, and what renders and checks it (init --help names the flags)
zero-touch-pvc docs          writes the manual and the runbooks of the installed version into docs/
zero-touch-pvc crds          downloads the schemas of the custom resources, once, for verify
zero-touch-pvc verify        proves the tree of main.ts, and that the output folder holds it; changes nothing`;

/** Another program of the package, in the current folder. main.ts is TypeScript, so tsx of that folder loads it. */
function run(program: string, args: readonly string[], needs: readonly string[]): number {
  const folders = createRequire(join(process.cwd(), 'package.json')).resolve.paths('any') ?? [];
  const missing = needs.filter((name) => !folders.some((folder) => existsSync(join(folder, name))));
  if (missing.length > 0) throw new InputError(`${missing.join(' and ')} is not installed here: npm install --save-dev ${missing.join(' ')}`);
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', join(__dirname, '..', program), ...args], { stdio: 'inherit' });
  return status ?? 1;
}

async function main([command, ...args]: readonly string[]): Promise<number> {
  if (command === 'init') return init(args);
  if (command === 'docs') return docs(args);
  if (command === 'crds') return run('scripts/crds.js', args, ['tsx']);
  if (command === 'verify') return run('verify/run.js', args, ['tsx', 'kubernetes-models']);
  if (command === '--help' || command === '-h') {
    console.log(usage);
    return 0;
  }
  throw new InputError(`${command === undefined ? 'a command is missing' : `"${command}" is no command`}: write one of these\n${usage}`);
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    if (!(error instanceof InputError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  },
);
