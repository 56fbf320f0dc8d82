import type { SiteValues } from './values';

/** Values that earlier releases had, and what to do in place of each. An upgrade ends with these words, and not with "has no …". */
const removed: Readonly<Record<string, string>> = {
  backstop: "is gone since 0.2.0: the API server's policies are always rendered, and need Kubernetes 1.31; remove the line (docs/upgrading.md)",
};

/** Values without those that are gone, and a sentence for each of these. */
export function withoutRemoved(values: SiteValues): { readonly values: SiteValues; readonly problems: readonly string[] } {
  const gone = Object.keys(removed).filter((key) => Object.hasOwn(values, key));
  return {
    values: Object.fromEntries(Object.entries(values).filter(([key]) => !gone.includes(key))) as unknown as SiteValues,
    problems: gone.map((key) => `site.${key}: ${removed[key]}`),
  };
}
