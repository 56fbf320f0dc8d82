import { parseArgs } from 'node:util';
import { splits, verdictsOn } from '../test/support/split-store';

/**
 * Two stores behind one address, each way in which they may share it: how often is a PVC with a backup called fresh? It has to be never.
 *
 * @param args `--pvcs N`: for each way, default 4000; `--only TEXT`: ways whose name holds the text
 */
export async function benchSplit(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { pvcs: { type: 'string', default: '4000' }, only: { type: 'string', default: '' } } });
  console.log(`${'two stores behind one address'.padEnd(54)}   PVCs  fresh  restore  unknown`);
  for (const [name, split] of Object.entries(splits)) {
    if (!name.includes(values.only)) continue;
    const { fresh, restore, unknown } = await verdictsOn(split, Number(values.pvcs));
    const numbers = [fresh + restore + unknown, fresh, restore, unknown].map((number, i) => String(number).padStart([7, 7, 9, 9][i] ?? 0)).join('');
    console.log(`${name.padEnd(54)}${numbers}  ${fresh === 0 ? 'ok' : 'MISSED'}`);
  }
}
