import * as v from 'valibot';
import { charts, type ChartName } from '../../versions';
import { isDnsLabel, isDnsSubdomain, isLabelValue } from '../model/kubernetes-name';
import { namespace } from '../model/naming';
import { bucketProblem, endpointProblem } from '../model/object-store';
import { ProblemsError } from '../model/problems';
import { scheduleProblem } from '../model/schedule';
import { crossProblems } from './cross-checks';
import { block, list, switched, text, whole } from './schema-parts';
import type { SiteValues } from './values';

const dnsLabel = text((value) => (isDnsLabel(value) ? undefined : `"${value}" is no Kubernetes name: 1 to 63 lower-case letters, digits and dashes`));
const dnsSubdomain = text((value) =>
  isDnsSubdomain(value) ? undefined : `"${value}" is no Kubernetes name: 1 to 253 lower-case letters, digits, dashes and dots`,
);
const filled = text((value) =>
  value.trim() === value && value !== '' ? undefined : `"${value}" is empty or has spaces at its ends: write the name itself`,
);
const quantity = text((value) =>
  /^\d+(\.\d+)?(Ki|Mi|Gi|Ti)$/.test(value) ? undefined : `"${value}" is no size: write a number with Ki, Mi, Gi or Ti`,
);
const count = whole(0);
const id = whole(0, 4294967295);
const folder = text((value) =>
  value === '' || /^[\w.*-]+(\/[\w.*-]+)*$/.test(value) ? undefined : `"${value}" is no folder of the repository: no slashes at its ends, no spaces`,
);

const some = v.optional(count);
const retention = v.pipe(
  block({ hourly: some, daily: some, weekly: some, monthly: some, yearly: some, latest: some }),
  v.check(
    (kept) => Object.values(kept).some((number) => number !== 0),
    'keeps nothing: Kopia would delete every snapshot right after making it; set at least one number above 0',
  ),
);

const tier = block({
  label: text((value) =>
    value !== '' && isLabelValue(value)
      ? undefined
      : `"${value}" is no label value: 1 to 63 letters, digits, dashes, dots and underscores, no spaces`,
  ),
  schedule: text(scheduleProblem),
  retention,
});

const version = v.optional(text(exactVersion));
const versions = Object.fromEntries(Object.keys(charts).map((name) => [name, version])) as Readonly<Record<ChartName, typeof version>>;

const siteSchema = block({
  git: block({
    url: text((value) =>
      /^(https?:\/\/|ssh:\/\/|git@)\S+$/.test(value) ? undefined : `"${value}" is no Git URL: https://…, ssh://… or git@host:path`,
    ),
    revision: v.optional(filled, 'main'),
    path: v.optional(folder, 'dist'),
  }),
  s3: block({
    endpoint: text(endpointProblem),
    bucket: text(bucketProblem),
    region: v.optional(filled, 'us-east-1'),
    storeId: v.optional(filled),
  }),
  onepassword: block({
    connectHost: v.optional(text(endpointProblem), `http://onepassword-connect.${namespace.onepassword}.svc.cluster.local:8080`),
    vault: filled,
    item: filled,
    fields: block({ accessKeyId: filled, secretAccessKey: filled, kopiaPassword: filled, endpoint: filled, bucket: filled }),
    store: v.optional(dnsSubdomain, '1password'),
  }),
  storage: block({ storageClass: dnsSubdomain, snapshotClass: dnsSubdomain, cacheCapacity: v.optional(quantity, '2Gi') }),
  tiers: list(tier, 'has no tier: no PVC could ever be backed up'),
  spreadSchedules: switched(false),
  maintenanceHour: v.optional(whole(0, 23), 4),
  excludedNamespaces: list(dnsLabel),
  mover: block({ keepOwners: switched(true), runAsUser: id, runAsGroup: id, fsGroup: id }),
  volsync: v.optional(block({ chartRepository: v.optional(filled), image: v.optional(text(imageProblem)) }), {}),
  plumber: v.optional(block({ image: v.optional(filled), replicas: v.optional(whole(1), 2), warmUp: switched(true) }), {}),
  monitoring: v.optional(
    block({
      prometheusStack: switched(true),
      prometheusNamespace: v.optional(dnsLabel, namespace.monitoring),
      runbookBase: v.optional(filled),
    }),
    {},
  ),
  kyvernoSecretAccess: switched(true),
  argocdConfig: switched(true),
  myApps: v.optional(block({ directories: list(folder, 'is empty: name a folder, or leave myApps out') })),
  versions: v.optional(block(versions), {}),
});

/** Says what is wrong with the name of an image, or undefined. */
function imageProblem(value: string): string | undefined {
  return /^[a-z0-9][a-z0-9._:-]*(\/[a-z0-9][a-z0-9._-]*)+(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/.test(value) && /[:@][^/]*$/.test(value)
    ? undefined
    : `"${value}" is not a pinned image: write registry/path:tag or registry/path@sha256:…`;
}

function exactVersion(value: string): string | undefined {
  return /^v?\d+\.\d+\.\d+(-[\w.]+)?$/.test(value)
    ? undefined
    : `"${value}" is no exact version: write one like 3.9.0, ranges would change under your feet`;
}

/** The values of a site with every default filled in. */
export type Site = v.InferOutput<typeof siteSchema>;

/** Checks a site and fills in its defaults. @throws ProblemsError with everything that is wrong, at once */
export function parseSite(values: SiteValues): Site {
  const result = v.safeParse(siteSchema, values satisfies v.InferInput<typeof siteSchema>);
  const problems = [...(result.issues?.map(describe) ?? []), ...crossProblems(values)];
  if (!result.success || problems.length > 0) throw new ProblemsError('The site values in main.ts are not usable:', problems);
  return result.output;
}

function describe({ path, message }: v.BaseIssue<unknown>): string {
  const place = (path ?? []).reduce((before, { key }) => (typeof key === 'number' ? `${before}[${key}]` : `${before}.${String(key)}`), 'site');
  return `${place}: ${message}`;
}
