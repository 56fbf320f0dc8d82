/** What docs/existing-cluster.md tells its reader to write. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { load } from 'js-yaml';
import type { SiteValues } from '../../lib';
import { repository } from '../../verify/tree';

export const page = readFileSync(join(repository, 'docs/existing-cluster.md'), 'utf8');

/** The values in its `main.ts` for Vault, Rook, Kyverno and Prometheus. */
export function pageSite(): SiteValues {
  const [text] = [...page.matchAll(/^```ts\nimport \{ synth \} from '.\/lib';\n(.*?)^```/gms)].map(([, block]) => block!);
  const given: SiteValues[] = [];
  runInNewContext(text!, { synth: (values: SiteValues) => given.push(values) });
  return given[0]!;
}

/** What it asks of the chart of a component that is there already. @param heading of its section */
export function askedOf(heading: 'External Secrets' | 'Kyverno'): Record<string, unknown> {
  const [, text] = new RegExp(`^## ${heading}\\n.*?^\`\`\`yaml\\n(.*?)^\`\`\``, 'ms').exec(page)!;
  return load(text!) as Record<string, unknown>;
}
