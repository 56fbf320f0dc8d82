import type { Result } from './storm';

/** Twice the PVCs may cost so much more: a straight line and some noise. */
const steepest = 2.3;

/** A refusal for want of time: on a slow machine pvc-plumber does not get its proof within its budget. It is tried again, and counted in the table. */
const tooSlow = /no answer from \S+ in [\d.]+ s|too many questions at the same moment/;

/** What is wrong about a storm. Times are no part of it: they are the machine's. */
export function problemsOf(result: Result): string[] {
  const { refusals, never, generation, usage, limits, counts, deaths, lost } = result;
  const problems: string[] = [];
  const wrong = refusals.filter((each) => !tooSlow.test(each));
  if (wrong.length > 0) problems.push(`${wrong.length} creations were refused, the first: ${wrong[0]?.slice(0, 300)}`);
  if (never > 0) problems.push(`${never} PVCs were never admitted`);
  const { wanted, missing } = generation;
  if (missing.length > 0) problems.push(`${missing.length} of ${wanted} generated resources are missing, the first: ${missing[0]}`);
  if (counts.passedOver > 0) problems.push(`${counts.passedOver} calls of webhooks were given up and passed over`);
  if (deaths !== '') problems.push(deaths);
  if (lost.length > 0) problems.push(`leases changed hands: ${lost.join(', ')}`);
  for (const [program, { peakBytes }] of usage) {
    const limit = limits.get(program) ?? Infinity;
    if (peakBytes > limit) problems.push(`${program} took ${mebibytes(peakBytes)} MiB, its limit is ${mebibytes(limit)}`);
  }
  return problems;
}

/** Whether what twice the PVCs cost is a straight line. */
export function scalingProblems(half: Result, whole: Result): string[] {
  const measures: readonly (readonly [string, (result: Result) => number | undefined])[] = [
    ['time until all were admitted', ({ admittedMs }) => admittedMs],
    ['time until all was generated', ({ generation }) => generation.allMs],
    ['memory of kube-apiserver', ({ usage }) => usage.get('kube-apiserver')?.peakBytes],
  ];
  const times = whole.storm.pvcs / half.storm.pvcs;
  if (times !== 2) throw new Error(`${whole.storm.pvcs} PVCs are not twice ${half.storm.pvcs}`);
  return measures.flatMap(([what, of]) => {
    const ratio = (of(whole) ?? Infinity) / (of(half) ?? NaN);
    const problem = `${what}: ${whole.storm.pvcs} PVCs cost ${ratio.toFixed(2)} times what ${half.storm.pvcs} cost, at most ${steepest} is a straight line`;
    // NaN too: where the half was never complete there is nothing to compare.
    return ratio < steepest ? [] : [problem];
  });
}

export function mebibytes(bytes: number): string {
  return (bytes / 2 ** 20).toFixed(0);
}
