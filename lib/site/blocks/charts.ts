import { distance } from 'fastest-levenshtein';
import * as v from 'valibot';
import type { ChartValues } from '../../gitops/chart-values';
import { values as connect } from '../../../imports/charts/connect';
import { values as externalSecrets } from '../../../imports/charts/external-secrets';
import { values as prometheusStack } from '../../../imports/charts/kube-prometheus-stack';
import { values as kyverno } from '../../../imports/charts/kyverno';
import { values as longhorn } from '../../../imports/charts/longhorn';
import { values as snapshotController } from '../../../imports/charts/snapshot-controller';
import { values as volsync } from '../../../imports/charts/volsync';
import { anyMap, block, dataProblem } from '../schema-parts';

/** The shape of a chart's values, from scripts/chart-shape.ts: a word, a list of words, or a map of shapes. */
type Shape = string | readonly string[] | { readonly [key: string]: Shape };

/** Values of one chart: only keys that the pinned chart has, as no chart refuses a misspelt one itself. */
function valuesOf<const S extends Shape>(
  shape: S,
  file: string,
  name: string,
): v.OptionalSchema<v.GenericSchema<{ readonly values: ChartValues<S> }>, undefined> {
  const values = v.pipe(
    anyMap,
    v.rawCheck(({ dataset, addIssue }) => {
      if (!dataset.typed) return;
      const problem = dataProblem(dataset.value);
      for (const message of problem === undefined ? unknownKeys(dataset.value, shape, '') : [problem]) addIssue({ message });
    }),
    v.metadata({
      typescript: `ChartValues<typeof ${name}>`,
      from: ['import type { values as', name, '} from', `'../../imports/charts/${file}';`].join(' '),
    }),
  );
  return v.optional(block({ values })) as never;
}

function unknownKeys(value: unknown, shape: Shape, path: string): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || typeof shape === 'string' || Array.isArray(shape)) return [];
  const known = shape as { readonly [key: string]: Shape };
  return Object.entries(value).flatMap(([key, inner]) => {
    const place = path === '' ? key : `${path}.${key}`;
    const near = Object.keys(known).find((each) => distance(each, key) <= 2);
    if (known[key] !== undefined) return unknownKeys(inner, known[key], place);
    return [`the chart has no value ${JSON.stringify(place)}: ${near === undefined ? 'remove it' : `did you mean "${near}"?`}`];
  });
}

export const charts = v.optional(
  block({
    onepasswordConnect: valuesOf(connect, 'connect', 'connect'),
    externalSecrets: valuesOf(externalSecrets, 'external-secrets', 'externalSecrets'),
    longhorn: valuesOf(longhorn, 'longhorn', 'longhorn'),
    snapshotController: valuesOf(snapshotController, 'snapshot-controller', 'snapshotController'),
    volsync: valuesOf(volsync, 'volsync', 'volsync'),
    kyverno: valuesOf(kyverno, 'kyverno', 'kyverno'),
    prometheusStack: valuesOf(prometheusStack, 'kube-prometheus-stack', 'prometheusStack'),
  }),
  {},
);
