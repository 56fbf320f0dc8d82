import { homelab } from '../../examples/homelab/site';
import { type Data, Tree } from '../../verify/tree';

/** The groups of alerts as this tree gives them to Prometheus. */
export const groups: Data[] = Tree.of(homelab).one('PrometheusRule', 'volsync-alerts').spec.groups;

export const rules: Data[] = groups.flatMap((group) => group.rules);
