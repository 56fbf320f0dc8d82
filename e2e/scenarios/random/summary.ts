import type { Played } from './play';

/** What was played, in lines for a terminal. @param seconds how long it took */
export function summaryOf({ counts, faults, violations, firstSeed, lastSeed }: Played, seconds: number): string {
  const { histories, allSteps, steps, refusals, restores } = counts;
  return [
    `         ${histories} histories with seeds ${firstSeed} to ${lastSeed}, ${allSteps} steps in ${seconds.toFixed(0)} s: ${(histories / seconds).toFixed(1)} histories and ${(allSteps / seconds).toFixed(1)} steps a second`,
    `         steps: ${listed(steps)}`,
    `         faults: ${listed(faults)}`,
    `         refusals: ${listed(refusals)}`,
    `         restores that came to their end: ${restores}; violations: ${violations.length}`,
  ].join('\n');
}

function listed(counts: ReadonlyMap<string, number>): string {
  return (
    [...counts]
      .toSorted(([, a], [, b]) => b - a)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ') || 'none'
  );
}
