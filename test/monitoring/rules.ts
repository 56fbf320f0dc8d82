import { repositorySite } from '../support/sites';
import { type Data, Tree } from '../support/tree';

/** The groups of alerts as this tree gives them to Prometheus. */
export const groups: Data[] = Tree.of(repositorySite()).one('PrometheusRule', 'volsync-alerts').spec.groups;

export const rules: Data[] = groups.flatMap((group) => group.rules);
