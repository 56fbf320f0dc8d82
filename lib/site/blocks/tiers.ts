import * as v from 'valibot';
import { scheduleProblem } from '../../model/schedule';
import { tierLabelProblem } from '../../model/tier';
import { block, list, text, whole } from '../schema-parts';

const some = v.optional(whole(0));
const retention = v.pipe(
  block({
    hourly: some,
    daily: some,
    weekly: some,
    monthly: some,
    yearly: some,
    /** The newest snapshots, however close together. */
    latest: some,
  }),
  v.check(
    // A number that is not a number has its own problem.
    (kept) => Object.values(kept).some((number) => number !== 0 && number !== undefined),
    'retention is zero for every kind, so Kopia would delete every snapshot right after making it; set at least one number above 0',
  ),
);

export const tiers = list(
  block({
    /** Label value, for example `hourly`. */
    label: text(tierLabelProblem),
    /** Five fields of cron, UTC: `*`, `*\/n`, `n`, `n,n` or `n-n`, Sunday is 0; or `@hourly`, `@daily`, `@weekly`, `@monthly`, `@yearly`. */
    schedule: text(scheduleProblem),
    /** How many snapshots of each kind Kopia keeps (0 or more). Kinds that are not named are not kept. */
    retention,
  }),
  'has no tier: no PVC could ever be backed up',
);
