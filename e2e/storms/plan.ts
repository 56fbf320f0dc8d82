import type { PvcRef } from '../../lib/model/naming';
import { pvc, type Pvc } from '../../test/support/pvc';

/** A PVC that a storm creates. */
export interface Planned extends PvcRef {
  readonly hasBackup: boolean;
  readonly manifest: Pvc;
}

/** How many PVCs the namespaces of a storm have, one namespace after another, again from the start. */
export const perNamespace = { recovery: [1, 2, 3, 4], pairs: [2], one: [Infinity] } as const;

/** Labelled PVCs over namespaces, every second one with a backup. */
export function labelled(prefix: string, count: number, sizes: readonly number[]): Planned[] {
  return places(prefix, count, sizes).map(({ namespace, name }, index) => {
    const manifest = pvc(namespace, name, { backup: index % 3 === 0 ? 'daily' : 'hourly' });
    return { namespace, name, hasBackup: index % 2 === 0, manifest };
  });
}

/** PVCs that no tier protects. @param labels others that they have */
export function unlabelled(prefix: string, count: number, sizes: readonly number[], labels: Readonly<Record<string, string>> = {}): Planned[] {
  return places(prefix, count, sizes).map(({ namespace, name }) => {
    return { namespace, name, hasBackup: false, manifest: pvc(namespace, name, { backup: null, metadata: { labels } }) };
  });
}

function places(prefix: string, count: number, sizes: readonly number[]): PvcRef[] {
  const all: PvcRef[] = [];
  for (let index = 0; all.length < count; index += 1) {
    const size = Math.min(sizes[index % sizes.length] ?? 1, count - all.length);
    for (let i = 0; i < size; i += 1) all.push({ namespace: `${prefix}-${index}`, name: `data-${i}` });
  }
  return all;
}
