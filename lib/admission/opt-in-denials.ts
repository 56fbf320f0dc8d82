import { backupLabel } from '../model/naming';
import { put } from './api-server/cel';
import type { Denial } from './denial';
import { cel, eq, field, not } from './predicate';
import { checkKyverno, hasLabel, labelOf, pvcInMessage as pvc } from './requested-pvc';

const named = `optIn in main.ts names it, with the tier ${put('variables.tier')}`;

/** When a PVC that the site names is not created: it would have no backup, and somebody believes that it has. `variables.tier` is what the site says about it. */
export const optInDenials = [
  {
    id: 'optInGeneratedName',
    when: not(eq(field('metadata.generateName'), '')),
    problem: `PVC ${pvc} can't be backed up and restored: ${named}, but generateName gives each new PVC another name.`,
    remedy: 'Give it a fixed name, or change the names in optIn so that none of them fits it.',
  },
  {
    id: 'optInWithoutLabel',
    when: cel(`!(${hasLabel})`),
    problem: `PVC ${pvc} has no label ${backupLabel}: ${named}, but the backup gate did not see it, so nobody knows whether it has a backup.`,
    remedy: `Who creates it retries until the gate is there; ${checkKyverno}. If another admission webhook took the label off, correct that webhook.`,
  },
  {
    id: 'optInOtherLabel',
    when: cel(`${hasLabel} && !(${labelOf('object')} in variables.tiers)`),
    problem: `PVC ${pvc} would not be backed up: ${named}, but its own label ${backupLabel}="${put(labelOf('object'))}" is of no tier.`,
    remedy: `Correct or remove the label; if it is of another program, change the names in optIn so that none of them fits the PVC.`,
  },
] as const satisfies readonly Denial[];
