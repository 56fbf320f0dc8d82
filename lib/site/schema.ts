import * as v from 'valibot';
import { charts, supportedVersions, type ChartName } from '../../versions';
import { isDnsLabel, isDnsSubdomain, labelKeyProblem } from '../model/kubernetes-name';
import { namespace } from '../model/naming';
import { imageProblem } from '../model/image';
import { chartRepositoryProblem, gitFolderPatternProblem, gitFolderProblem, gitRevisionProblem, gitUrlProblem, webUrlProblem } from '../model/git';
import { maxId } from '../model/mover-identity';
import { bucketProblem, connectHostProblem, endpointProblem, loopbackProblem, regionProblem, storeIdProblem } from '../model/object-store';
import { ProblemsError } from '../model/problems';
import { quantityProblem } from '../model/quantity';
import { itemTitleProblem } from '../model/secret-key';
import { scheduleProblem } from '../model/schedule';
import { tierLabelProblem } from '../model/tier';
import { alerts } from './blocks/alerts';
import { receiver } from './blocks/receiver';
import { crossProblems } from './cross-checks';
import { block, list, shown, switched, text, whole } from './schema-parts';
import { withoutRemoved } from './removed-values';
import type { SiteValues } from './values';

const dnsLabel = text((value) =>
  isDnsLabel(value) ? undefined : `${JSON.stringify(value)} is not a Kubernetes name: 1 to 63 lower-case letters, digits and dashes`,
);
const dnsSubdomain = text((value) =>
  isDnsSubdomain(value) ? undefined : `${JSON.stringify(value)} is not a Kubernetes name: 1 to 253 lower-case letters, digits, dashes and dots`,
);
const filled = text(nameProblem);
/** A name that stands in what Kyverno generates: it would put something else in place of a variable, or give the whole object up. */
const literalProblem = (value: string): string | undefined =>
  /\{\{|\$\(/.test(value)
    ? `${JSON.stringify(value)} has "{{" or "$(" in it, which Kyverno takes for a variable: give the item or field another name`
    : nameProblem(value);
const literal = text(literalProblem);
const item = text((value) => literalProblem(value) ?? itemTitleProblem(value));
/** Sizes of Kubernetes with the units that a person means; `2000` would be bytes, `2M` nearly `2Mi`. */
const quantity = text((value) =>
  /(Ki|Mi|Gi|Ti)$/.test(value) ? quantityProblem(value) : `${JSON.stringify(value)} is not a size: write a number with Ki, Mi, Gi or Ti`,
);
const count = whole(0);
const id = whole(0, maxId);
const endpoint = text((value) => endpointProblem(value) ?? loopbackProblem(value));

/** What a container may have of CPU and memory. */
const amounts = v.optional(
  block({
    cpu: v.optional(
      text((value) =>
        quantityProblem(value) === undefined ? undefined : `${JSON.stringify(value)} is not an amount of CPU: write cores, as in 500m or 2`,
      ),
    ),
    memory: v.optional(quantity),
  }),
);

const some = v.optional(count);
const retention = v.pipe(
  block({ hourly: some, daily: some, weekly: some, monthly: some, yearly: some, latest: some }),
  v.check(
    // A number that is not a number has its own problem.
    (kept) => Object.values(kept).some((number) => number !== 0 && number !== undefined),
    'retention is zero for every kind, so Kopia would delete every snapshot right after making it; set at least one number above 0',
  ),
);

const tier = block({
  label: text(tierLabelProblem),
  schedule: text(scheduleProblem),
  retention,
});

const versions = Object.fromEntries(
  (Object.keys(charts) as ChartName[]).map((name) => [name, v.optional(text((value) => versionProblem(name, value)))]),
) as Readonly<Record<ChartName, v.OptionalSchema<v.GenericSchema<string>, undefined>>>;

const siteSchema = block({
  git: block({
    url: text(gitUrlProblem),
    revision: v.optional(text(gitRevisionProblem), 'main'),
    path: v.optional(text(gitFolderProblem), 'dist'),
  }),
  s3: block({
    endpoint,
    bucket: text(bucketProblem),
    podPort: v.optional(whole(1, 65_535)),
    region: v.optional(text(regionProblem), 'us-east-1'),
    storeId: v.optional(text(storeIdProblem)),
    previous: v.optional(list(block({ endpoint, bucket: text(bucketProblem) })), []),
  }),
  onepassword: block({
    connectHost: v.optional(
      text((value) => connectHostProblem(value) ?? loopbackProblem(value)),
      `http://onepassword-connect.${namespace.onepassword}.svc.cluster.local:8080`,
    ),
    vault: filled,
    item,
    plumberItem: v.optional(literal),
    namespaceLabel: v.optional(text(labelKeyProblem)),
    fields: block({ accessKeyId: literal, secretAccessKey: literal, kopiaPassword: literal, endpoint: literal, bucket: literal }),
    store: v.optional(dnsSubdomain, '1password'),
  }),
  storage: block({
    storageClass: dnsSubdomain,
    snapshotClass: dnsSubdomain,
    cacheCapacity: v.optional(quantity, '2Gi'),
    replicas: v.optional(whole(1), 3),
  }),
  tiers: list(tier, 'has no tier: no PVC could ever be backed up'),
  spreadSchedules: switched(false),
  maintenanceHour: v.optional(whole(0, 23), 4),
  excludedNamespaces: list(dnsLabel),
  mover: block({
    keepOwners: switched(true),
    runAsUser: id,
    runAsGroup: id,
    fsGroup: id,
    resources: v.optional(block({ requests: amounts, limits: amounts })),
  }),
  volsync: v.optional(block({ chartRepository: v.optional(text(chartRepositoryProblem)), image: v.optional(text(imageProblem)) }), {}),
  plumber: v.optional(block({ image: v.optional(text(imageProblem)), replicas: v.optional(whole(1), 2), warmUp: switched(true) }), {}),
  monitoring: v.optional(
    block({
      prometheusStack: switched(true),
      prometheusVolume: v.optional(quantity),
      controlPlane: switched(false),
      prometheusNamespace: v.optional(dnsLabel, namespace.monitoring),
      runbookBase: v.optional(text(webUrlProblem)),
      alerts,
      receiver,
    }),
    {},
  ),
  kyvernoSecretAccess: switched(false),
  otherPvcPolicies: switched(false),
  argocdConfig: switched(true),
  myApps: v.optional(block({ directories: list(text(gitFolderPatternProblem), 'is empty: name a folder, or leave myApps out') })),
  versions: v.optional(block(versions), {}),
});

function nameProblem(value: string): string | undefined {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return value.trim() === value && value !== '' && !/[\u0000-\u001f\u007f]/.test(value)
    ? undefined
    : `${JSON.stringify(value)} is empty, has spaces at its ends or a control character: write the name itself`;
}

function versionProblem(name: ChartName, value: string): string | undefined {
  const [, major, minor] = /^v?(\d+)\.(\d+)\.\d+(?:-[\w.]+)?$/.exec(value) ?? [];
  if (major === undefined)
    return `${JSON.stringify(value)} is not an exact version: write one like ${charts[name].version}, ranges would change under your feet`;
  const range = supportedVersions[name];
  if (range === undefined || range.minors.includes(`${major}.${minor}`)) return undefined;
  return `"${value}" is not supported: write a version of ${range.minors.map((one) => `${one}.x`).join(' or ')}; ${range.why} (docs/upgrading.md)`;
}

/** The values of a site with every default filled in. */
export type Site = v.InferOutput<typeof siteSchema>;

const unusable = 'The site values in main.ts are not usable:';

/** Checks a site and fills in its defaults. @throws ProblemsError with everything that is wrong, at once */
export function parseSite(values: SiteValues): Site {
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw new ProblemsError(unusable, [`site: ${shown(values)} is not an object: write the values as in the example of docs/extending.md`]);
  }
  const { values: current, problems: removed } = withoutRemoved(values);
  const result = v.safeParse(siteSchema, current satisfies v.InferInput<typeof siteSchema>);
  const problems = [...removed, ...(result.issues?.map(describe) ?? []), ...crossProblems(values)];
  if (!result.success || problems.length > 0) throw new ProblemsError(unusable, problems);
  return result.output;
}

function describe({ path, message }: v.BaseIssue<unknown>): string {
  const place = (path ?? []).reduce((before, { key }) => (typeof key === 'number' ? `${before}[${key}]` : `${before}.${String(key)}`), 'site');
  return `${place}: ${message}`;
}
