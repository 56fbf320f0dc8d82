import fc from 'fast-check';
import { faults } from './faults';
import { type History, tiers } from './history';
import { BackUp, Create, Delete, Fault, Label, LoseData, Recreate, type Skip, type Source, type Step, Wait } from './steps';
import { LooseVolume, Reattach } from './volume-steps';

const label = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...tiers) },
  { weight: 1, arbitrary: fc.constantFrom('Hourly', 'weekly') },
  { weight: 1, arbitrary: fc.constant(null) },
);
const skip = fc.oneof(
  { weight: 10, arbitrary: fc.constant<Skip>('no') },
  { weight: 2, arbitrary: fc.constantFrom<Skip>('with a reason', 'without a reason', 'with an invisible reason') },
);
const source = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Source>('none') },
  { weight: 4, arbitrary: fc.constantFrom<Source>('of a previous PVC', 'the kept volume', 'a volume that is gone', 'forged') },
);
const create = fc.tuple(label, skip, source).map((of) => new Create(...of));
const keep = fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) });
const remove = fc.tuple(fc.boolean(), keep).map((of) => new Delete(...of));
const backUp = fc.constant(0).map(() => new BackUp());

const recreate = fc.tuple(keep, create).map((of) => new Recreate(...of));
const fault = fc.tuple(fc.constantFrom(...Object.keys(faults)), fc.integer({ min: 1, max: 5 })).map((of) => new Fault(...of));

/** How likely a step is, beside the others. */
const likelihood: readonly (readonly [number, fc.Arbitrary<Step>])[] = [
  [4, recreate],
  [2, create],
  [1, remove],
  [4, backUp],
  [2, fault],
  [1, fc.tuple(label, skip).map((of) => new Label(...of))],
  [1, fc.constantFrom<LooseVolume['how']>('made', 'made for the PVC', 'kept and given free').map((how) => new LooseVolume(how))],
  [1, fc.constant(0).map(() => new Reattach())],
  [1, fc.constant(0).map(() => new LoseData())],
  [1, fc.integer({ min: 0, max: 2 }).map((seconds) => new Wait(seconds))],
];
const steps = likelihood.flatMap(([times, step]) => Array.from({ length: times }, () => step));

const commands = fc.commands<History, undefined, false>(steps, { maxCommands: 20, size: 'max' });

/** Most histories begin with a PVC that is backed up: without a backup there is little to break. */
const beginning = fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) });

/** Histories: how each begins, and its steps. */
export const histories = fc.noBias(fc.record({ protectedFirst: beginning, steps: commands }));

export async function beginProtected(history: History): Promise<void> {
  await new Create('hourly', 'no', 'none').run(history);
  await new BackUp().run(history);
}
