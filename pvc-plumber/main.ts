/**
 * Entry of the bundle: `node pvc-plumber.js` serves, `identify` gives the store its identity, `repair` asks Kyverno for what PVCs lack.
 * Everything comes from the environment, see {@link readConfig} and {@link readRepairSettings}.
 */
import { ConfigError, readConfig } from './config';
import { identify, siteLine } from './identify';
import { takeOver } from './takeover';
import { repairUntilSignal } from './repair/command';
import { serveUntilSignal } from './serve';
import { help } from './settings';

/** Runs a command. @throws Error with a message for a person */
export async function run(command: string | undefined, env: NodeJS.ProcessEnv): Promise<void> {
  if (command === undefined) {
    await serveUntilSignal(readConfig(env));
  } else if (command === 'identify') {
    const storeId = await identify(readConfig(env));
    console.log(`The store has an identity now. Put this line into the s3 block of main.ts:\n  ${siteLine(storeId)}`);
  } else if (command === 'takeover') {
    const before = await takeOver(readConfig(env));
    console.log(
      before === undefined
        ? 'Nobody held the lease of the store; this cluster holds it now.'
        : `The lease of the store was held by ${before}; this cluster holds it now.`,
    );
  } else if (command === 'repair') {
    repairUntilSignal(env);
  } else if (command === '--help' || command === '-h') {
    console.log(help());
  } else {
    throw new Error(`"${command}" is not a command: leave it out to serve, or say "identify", "takeover", "repair" or "--help"`);
  }
}

/** Prints each mistake on a line of its own and sets exit code 1. */
export function reportFailure(error: unknown): void {
  const lines = error instanceof ConfigError ? error.problems : [error instanceof Error ? error.message : String(error)];
  for (const line of lines) console.error(`pvc-plumber: ${line}`);
  process.exitCode = 1;
}

if (require.main === module) run(process.argv[2], process.env).catch(reportFailure);
