import { z } from 'zod';
import { charts, type ChartName } from '../../versions';
import { isDnsLabel, isDnsSubdomain, isLabelValue } from '../model/kubernetes-name';
import { namespace } from '../model/naming';
import { bucketProblem, endpointProblem } from '../model/object-store';
import { ProblemsError } from '../model/problems';
import { scheduleProblem } from '../model/schedule';
import { crossProblems } from './cross-checks';
import type { SiteValues } from './values';

/** A string that a function finds nothing wrong with; the function's words become the message. */
function checked(problem: (text: string) => string | undefined): z.ZodType<string, string> {
  return z.string().superRefine((text, context) => {
    const message = problem(text);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });
}

/** A whole number from `least` on, up to `most` where there is a limit. */
function whole(least: number, most?: number): z.ZodNumber {
  const want = most === undefined ? `write a whole number, ${least} or more` : `write a whole number from ${least} to ${most}`;
  const error =
    (wrong: string) =>
    ({ input }: { readonly input?: unknown }): string =>
      `${shown(input)} is ${wrong}: ${want}`;
  return z
    .number({ error: error('no number') })
    .int({ error: error('no whole number') })
    .min(least, { error: error('too small') })
    .max(most ?? Number.MAX_SAFE_INTEGER, { error: error('too big') });
}

const dnsLabel = checked((text) => (isDnsLabel(text) ? undefined : `"${text}" is no Kubernetes name: 1 to 63 lower-case letters, digits and dashes`));
const dnsSubdomain = checked((text) =>
  isDnsSubdomain(text) ? undefined : `"${text}" is no Kubernetes name: 1 to 253 lower-case letters, digits, dashes and dots`,
);
const filled = checked((text) =>
  text.trim() === text && text !== '' ? undefined : `"${text}" is empty or has spaces at its ends: write the name itself`,
);
const quantity = checked((text) =>
  /^\d+(\.\d+)?(Ki|Mi|Gi|Ti)$/.test(text) ? undefined : `"${text}" is no size: write a number with Ki, Mi, Gi or Ti`,
);
const count = whole(0);
const id = whole(0, 4294967295);
const folder = checked((text) =>
  text === '' || /^[\w.*-]+(\/[\w.*-]+)*$/.test(text) ? undefined : `"${text}" is no folder of the repository: no slashes at its ends, no spaces`,
);

const retention = z
  .strictObject({ hourly: count, daily: count, weekly: count, monthly: count, yearly: count, latest: count })
  .partial()
  .superRefine((value, context) => {
    if (Object.values(value).every((kept) => kept === 0)) {
      context.addIssue({
        code: 'custom',
        message: 'keeps nothing: Kopia would delete every snapshot right after making it; set at least one number above 0',
      });
    }
  });

const tier = z.strictObject({
  label: checked((text) =>
    text !== '' && isLabelValue(text) ? undefined : `"${text}" is no label value: 1 to 63 letters, digits, dashes, dots and underscores, no spaces`,
  ),
  schedule: checked(scheduleProblem),
  retention,
});

const chartNames = Object.keys(charts) as ChartName[];

const siteSchema = z.strictObject({
  git: z.strictObject({
    url: checked((text) =>
      /^(https?:\/\/|ssh:\/\/|git@)\S+$/.test(text) ? undefined : `"${text}" is no Git URL: https://…, ssh://… or git@host:path`,
    ),
    revision: filled.default('main'),
    path: folder.default('dist'),
  }),
  s3: z.strictObject({
    endpoint: checked(endpointProblem),
    bucket: checked(bucketProblem),
    region: filled.default('us-east-1'),
    storeId: filled.optional(),
  }),
  onepassword: z.strictObject({
    connectHost: checked(endpointProblem).default(`http://onepassword-connect.${namespace.onepassword}.svc.cluster.local:8080`),
    vault: filled,
    item: filled,
    fields: z.strictObject({ accessKeyId: filled, secretAccessKey: filled, kopiaPassword: filled, endpoint: filled, bucket: filled }),
    store: dnsSubdomain.default('1password'),
  }),
  storage: z.strictObject({ storageClass: dnsSubdomain, snapshotClass: dnsSubdomain, cacheCapacity: quantity.default('2Gi') }),
  tiers: z.array(tier).min(1, 'has no tier: no PVC could ever be backed up').readonly(),
  spreadSchedules: z.boolean().default(false),
  maintenanceHour: whole(0, 23).default(4),
  excludedNamespaces: z.array(dnsLabel).readonly(),
  mover: z.strictObject({ runAsUser: id, runAsGroup: id, fsGroup: id }),
  plumber: z.strictObject({ image: filled.optional(), replicas: whole(1).default(2), warmUp: z.boolean().default(true) }).prefault({}),
  monitoring: z
    .strictObject({
      prometheusStack: z.boolean().default(true),
      prometheusNamespace: dnsLabel.default(namespace.monitoring),
      runbookBase: filled.optional(),
    })
    .prefault({}),
  backstop: z.boolean().default(true),
  kyvernoSecretAccess: z.boolean().default(true),
  argocdConfig: z.boolean().default(true),
  myApps: z.strictObject({ directories: z.array(folder).min(1, 'is empty: name a folder, or leave myApps out').readonly() }).optional(),
  versions: z.partialRecord(z.enum(chartNames as [ChartName, ...ChartName[]]), checked(exactVersion)).default({}),
});

function exactVersion(text: string): string | undefined {
  return /^v?\d+\.\d+\.\d+(-[\w.]+)?$/.test(text)
    ? undefined
    : `"${text}" is no exact version: write one like 3.9.0, ranges would change under your feet`;
}

/** The values of a site with every default filled in. */
export type Site = z.output<typeof siteSchema>;

/** Checks a site and fills in its defaults. @throws ProblemsError with everything that is wrong, at once */
export function parseSite(values: SiteValues): Site {
  const result = siteSchema.safeParse(values satisfies z.input<typeof siteSchema>, { reportInput: true });
  const problems = [...(result.error?.issues.map(describe) ?? []), ...crossProblems(values)];
  if (!result.success || problems.length > 0) throw new ProblemsError('The site values in main.ts are not usable:', problems);
  return result.data;
}

function describe(issue: z.core.$ZodIssue): string {
  const place = placeOf(issue.path);
  if (issue.code === 'unrecognized_keys')
    return `${place}: has no ${issue.keys.map((key) => `"${key}"`).join(', ')}: correct the spelling or remove it`;
  if (issue.code === 'invalid_type' && issue.input === undefined) return `${place}: is missing: add it (${issue.expected})`;
  if (issue.code === 'invalid_type' && issue.expected in wanted)
    return `${place}: ${shown(issue.input)} is no ${issue.expected}: ${wanted[issue.expected]}`;
  return `${place}: ${issue.message}`;
}

/** How a value of a type is written. Numbers say it themselves, with their limits. */
const wanted: Readonly<Record<string, string>> = {
  string: "write a text, '…'",
  boolean: 'write true or false',
  array: 'write a list, […]',
  object: 'write one, { … }',
};

function shown(input: unknown): string {
  return JSON.stringify(input) ?? String(input);
}

function placeOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((place, key) => (typeof key === 'number' ? `${place}[${key}]` : `${place}.${String(key)}`), 'site');
}
