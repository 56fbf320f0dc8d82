import * as v from 'valibot';
import { alertAnnotationProblem, alertLabelProblem, type AlertName, alertNames } from '../../model/alert-names';
import { block, list, named, shown } from '../schema-parts';

const alertName = v.pipe(
  v.picklist(
    alertNames as readonly AlertName[],
    ({ input }) => `${shown(input)} is not an alert of this system: write one of ${alertNames.join(', ')}`,
  ),
  v.metadata({ typescript: 'AlertName', from: "import type { AlertName } from '../model/alert-names';" }),
);

export const alerts = v.optional(
  block({
    /**
     * Alerts that are not rendered, by name. Synth warns where one of them is the only sign that a PVC is not protected.
     * @default - none
     */
    off: v.optional(list(alertName), []),
    /** Labels of every alert, for the routes of an Alertmanager: `{ team: 'home' }`. Every alert has `part_of: zero-touch-pvc`. @default - none */
    labels: v.optional(named(alertLabelProblem), {}),
    /** Annotations of every alert, for the templates of its messages. @default - none */
    annotations: v.optional(named(alertAnnotationProblem), {}),
  }),
  {},
);
