/** `npm run plumber`: the service from its sources, for a person at a terminal. */
import { helped } from '../scripts/usage';
import { demo } from './demo';
import { reportFailure, run } from './main';

const usage = `
npm run plumber                 serves, with the environment of the Deployment (S3_ENDPOINT, S3_BUCKET, CREDENTIALS_DIR, ...)
npm run plumber -- --demo       serves together with an S3 server in memory, and prints what to try
npm run plumber -- identify     gives the store its identity and prints the line for main.ts`;

const [command] = process.argv.slice(2);
if (!helped(usage)) {
  const started = command === '--demo' ? demo(process.env) : run(command, process.env);
  started.catch(reportFailure);
}
