/** `npm run store-policies`: what each key of the store may do, ready for the server. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isDnsLabel } from '../lib/model/kubernetes-name';
import { InputError } from '../lib/model/problems';
import { bucketPolicy, userPolicies } from '../lib/secrets/store-policies';
import { parseSite } from '../lib/site/schema';
import { callIn } from '../verify/synth-call';
import { helped } from './usage';

const usage = `
npm run store-policies -- [--amazon] NAMESPACE...                        one policy for each user: backup-NAMESPACE, and pvc-plumber
npm run store-policies -- --out FOLDER NAMESPACE...                      each into FOLDER/USER.json
npm run store-policies -- --bucket-policy [--principals TEXT] NAMESPACE...
                                                                            one policy of the bucket; TEXT stands before each user
--amazon: for servers that answer 403 for an object that is not there; set by itself for amazonaws.com. docs/security.md says more.`;

function main(): void {
  const { values, positionals: namespaces } = parseArgs({
    options: {
      amazon: { type: 'boolean', default: false },
      out: { type: 'string' },
      'bucket-policy': { type: 'boolean', default: false },
      principals: { type: 'string', default: '' },
    },
    allowPositionals: true,
  });
  if (namespaces.length === 0) throw new InputError(`name the namespaces whose PVCs have backups:${usage}`);
  const wrong = namespaces.find((name) => !isDnsLabel(name));
  if (wrong !== undefined) throw new InputError(`"${wrong}" is not the name of a namespace: 1 to 63 lower-case letters, digits and dashes`);
  const { s3 } = parseSite(callIn(join(process.cwd(), 'main.ts')).values);
  const options = { bucket: s3.bucket, hidesMissing: values.amazon || /\.amazonaws\.com(\.cn)?(:\d+)?$/.test(s3.endpoint) };
  const policies = userPolicies(options, namespaces);
  const print = (policy: object): string => JSON.stringify(policy, undefined, 2);
  if (values['bucket-policy']) console.log(print(bucketPolicy(options, namespaces, values.principals)));
  else if (values.out === undefined) console.log(print(policies));
  else {
    mkdirSync(values.out, { recursive: true });
    for (const [user, policy] of Object.entries(policies)) writeFileSync(join(values.out, `${user}.json`), `${print(policy)}\n`);
  }
}

if (!helped(usage)) {
  try {
    main();
  } catch (error) {
    const isMistake = error instanceof InputError || String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS');
    if (!isMistake) throw error;
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
