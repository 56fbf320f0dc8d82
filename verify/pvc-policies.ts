import type { Site } from '../lib/site/schema';
import type { Entry } from './tree';

/** Policies of Kyverno about PersistentVolumeClaims, beside those of the platform, that would see labelled PVCs only. */
export function pvcPolicyProblems(entries: readonly Entry[], { otherPvcPolicies }: Site): string[] {
  if (otherPvcPolicies) return [];
  return entries
    .filter(
      ({ added, object }) =>
        added === true && /^(policies[.])?kyverno[.]io\//.test(String(object.apiVersion)) && String(object.kind).endsWith('Policy'),
    )
    .filter(({ object }) => /persistentvolumeclaims?\b/i.test(JSON.stringify(object.spec ?? {})))
    .map(
      ({ path, object }) =>
        `${path}: ${object.kind} ${object.metadata?.name} is about PersistentVolumeClaims, and Kyverno is asked about labelled ones only: set otherPvcPolicies: true in main.ts`,
    );
}
