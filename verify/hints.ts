import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Site } from '../lib/site/schema';
import { type Data, named, repository, type Tree } from './tree';

/** Alerts of a person's own whose link leads nowhere. Where the site keeps its runbooks elsewhere nobody can tell. */
export function hintsAboutRunbooks(tree: Tree, { monitoring }: Site): string[] {
  if (monitoring.runbookBase !== undefined) return [];
  return tree.entries
    .filter(({ object, added }) => added === true && object.kind === 'PrometheusRule')
    .flatMap(({ object, from }) => object.spec.groups.flatMap(({ rules }: Data) => rules.map(({ alert }: Data) => ({ alert, from }))))
    .filter(
      ({ alert }) => alert !== undefined && ![repository, process.cwd()].some((root) => existsSync(join(root, 'docs', 'runbooks', `${alert}.md`))),
    )
    .map(
      ({ alert, from }) => `alert ${alert}${from === undefined ? '' : ` (${from})`} links docs/runbooks/${alert}.md, which is not there: write it`,
    );
}

/** Charts of a person's own may make volumes, whose labels only the cluster shows. */
export function hintsAboutCharts(tree: Tree): string[] {
  return tree.entries
    .filter(({ object, added }) => added === true && object.kind === 'Application')
    .filter(({ object }) => (object.spec.sources ?? [object.spec.source]).some(({ chart }: Data) => chart !== undefined))
    .map((entry) => `${named(entry)}: the volumes that its chart makes, if any, are not looked at; kubectl get pvc -A -L backup shows their labels`);
}
