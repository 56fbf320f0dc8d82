import type { ClusterPolicySpecRules } from '../../../imports/kyverno.io';
import { backupLabel } from '../../model/naming';
import type { OptIn } from '../../model/opt-in';
import { optInRule } from '../../model/policy-names';
import { exceptNamespaces, onCreateByName, type Protected } from './match';

/**
 * Rules that give the label to PVCs that the site names. They are the first ones of the gate: each rule of a policy looks at what those before it have made, so
 * for all others, and for everything after the gate, these PVCs are labelled like any other. A label that is there is never replaced.
 */
export function optInRules({ optIn, excludedNamespaces }: Protected): ClusterPolicySpecRules[] {
  return tiersOf(optIn).map((tier) => ({
    name: optInRule(tier),
    skipBackgroundRequests: true,
    match: onCreateByName(optIn.filter((entry) => entry.tier === tier)),
    exclude: exceptNamespaces(excludedNamespaces),
    mutate: { patchStrategicMerge: { metadata: { labels: { [`+(${backupLabel})`]: tier } } } },
  }));
}

/** What each of them is for, for the reader of the rendered policy. */
export function optInReasons({ optIn }: Protected): Record<string, string> {
  return Object.fromEntries(
    tiersOf(optIn).map((tier) => [optInRule(tier), 'the site names these PVCs, whose label nobody can set; from here on they are labelled']),
  );
}

const tiersOf = (optIn: readonly OptIn[]): string[] => [...new Set(optIn.map(({ tier }) => tier))];
