import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sandboxFile, sandboxFolder } from './sandbox';
import { repository } from './tree';

/** Runs a program of the e2e; its code is the exit code, and 2 where it throws. @param name before the message, as in `e2e:argocd` */
export function runProgram(name: string, main: () => Promise<number>): void {
  void main()
    .catch((error: Error) => {
      console.error(`${name}: ${sandboxFolder === undefined ? error.message : error.stack}`);
      return 2;
    })
    .then((code) => (process.exitCode = code));
}

/** Copies the logs of the run out of the sandbox, which ends with it. @param name of a folder in `.cache`, which is emptied first */
export function keepLogs(name: string): void {
  const folder = join(repository, '.cache', name);
  const logs = sandboxFile('logs/');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  if (existsSync(logs)) for (const each of readdirSync(logs)) copyFileSync(join(logs, each), join(folder, each));
}
