import { perNamespace } from './plan';
import type { Storm } from './storm';

/** A recovery as Argo CD plays it. */
export function recovery(pvcs: number): Storm {
  return { name: `closed loop of ${pvcs}`, shape: 'closed loop', pvcs, sizes: perNamespace.recovery };
}

/** Played on demand, each on a cluster of its own. */
export const storms: readonly Storm[] = [
  ...[60, 200, 400, 1000].map(recovery),
  { name: 'burst of 200', shape: 'burst', pvcs: 200, sizes: perNamespace.pairs },
  { name: 'three bursts of 200', shape: 'burst', pvcs: 200, sizes: perNamespace.pairs, waves: 3 },
  { name: '400 in one namespace', shape: 'closed loop', pvcs: 400, sizes: perNamespace.one },
];
