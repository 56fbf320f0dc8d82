import { isDeepStrictEqual } from 'node:util';
import { type Invariant, problemsOf, same } from '../invariant';
import type { Site } from '../../lib/site/schema';
import { type Data, type Tree, eachString } from '../tree';
import { entriesOf, entryFor, generate, repair } from './policy-invariants';

/** What Kyverno generates at a creation or by the repair. */
interface Generated {
  readonly where: string;
  /** Entry of the rule's `foreach`. */
  readonly entry: Data;
  readonly kind: string;
  readonly name: string;
  readonly data: Data;
}

function generated(tree: Tree, kind?: string): Generated[] {
  return [generate(tree), repair(tree)].flatMap((policy) =>
    entriesOf(policy)
      .filter((entry) => kind === undefined || entry.kind === kind)
      .map((entry) => ({ where: `${policy.metadata.name}/${entry.kind}`, entry, kind: entry.kind, name: entry.name, data: entry.data })),
  );
}

const conditionsOf = (entry: Data): Data[] => entry.preconditions?.all ?? [];

const name = '{{ request.object.metadata.name }}';
const namespace = '{{ request.object.metadata.namespace }}';

export const protectionInvariants: readonly Invariant[] = [
  {
    name: 'trap 1: the merged Secret has the ten keys; the seven of the description alone never back anything up',
    check: (tree) =>
      generated(tree, 'ExternalSecret').flatMap(({ where, data }) =>
        same(
          [...Object.keys(data.spec.target.template.data), ...data.spec.data.map(({ secretKey }: Data) => secretKey)].toSorted(),
          [
            'AWS_ACCESS_KEY_ID',
            'AWS_SECRET_ACCESS_KEY',
            'KOPIA_PASSWORD',
            'KOPIA_REPOSITORY',
            'KOPIA_S3_ACCESS_KEY_ID',
            'KOPIA_S3_BUCKET',
            'KOPIA_S3_DISABLE_TLS',
            'KOPIA_S3_ENDPOINT',
            'KOPIA_S3_PREFIX',
            'KOPIA_S3_SECRET_ACCESS_KEY',
          ],
          `${where}: the keys`,
        ),
      ),
    mutate: (tree) => both(tree, 'ExternalSecret', (data) => data.spec.data.pop()),
  },
  {
    name: 'trap 1: each key says the right thing, and credentials come only from where the site says',
    check: (tree, { s3, secretSource }) =>
      generated(tree, 'ExternalSecret').flatMap(({ where, data }) => [
        ...same(
          data.spec.target.template.data,
          {
            KOPIA_REPOSITORY: `s3://${s3.bucket}/${namespace}/${name}`,
            KOPIA_S3_BUCKET: s3.bucket,
            KOPIA_S3_DISABLE_TLS: String(s3.endpoint.startsWith('http://')),
            KOPIA_S3_ENDPOINT: s3.endpoint.split('//')[1],
            KOPIA_S3_PREFIX: `${namespace}/${name}`,
          },
          `${where}: the location`,
        ),
        ...problemsOf(
          data.spec.data.filter(({ secretKey }: Data) => secretKey !== 'AWS_SESSION_TOKEN'),
          ({ secretKey, remoteRef }: Data) => !sameData(remoteRef, placeFor(places(secretSource)[secretKey], namespace)),
          ({ secretKey, remoteRef }: Data) => `${where}: ${secretKey} comes from ${JSON.stringify(remoteRef)}`,
        ),
      ]),
    mutate: (tree) => both(tree, 'ExternalSecret', (data) => (data.spec.data[0].remoteRef.property = 'kbs-admin')),
  },
  {
    name: 'trap 21: every generated ExternalSecret is of version v1 and merges its template with what it fetched',
    check: (tree) =>
      generated(tree, 'ExternalSecret').flatMap(({ where, entry, data }) =>
        same(
          [entry.apiVersion, data.spec.target.template.mergePolicy, data.spec.target.template.engineVersion, data.spec.target.creationPolicy],
          ['external-secrets.io/v1', 'Merge', 'v2', 'Owner'],
          where,
        ),
      ),
    mutate: (tree) => both(tree, 'ExternalSecret', (data) => (data.spec.target.template.mergePolicy = 'Replace')),
  },
  {
    name: 'trap 21: braces in what is generated are Kyverno’s; External Secrets would read its own',
    check: (tree) =>
      generated(tree).flatMap(({ where, data }) => {
        const problems: string[] = [];
        eachString(data, (text, path) => {
          for (const [whole, query] of text.matchAll(/\{\{((?:[^{}]|\{[^{}]*\})*)\}\}/g))
            if (!query!.includes('request.object.')) problems.push(`${where}${path}: ${whole}`);
          if (text.includes('\\{{') || /\{\{\s*\./.test(text)) problems.push(`${where}${path}: ${text}`);
        });
        return problems;
      }),
    mutate: (tree) => both(tree, 'KopiaMaintenance', (data) => (data.metadata.annotations = { note: '{{ .password }}' })),
  },
  {
    name: 'trap 2: source and destination have one explicit identity, so that a restore finds what the backup wrote',
    check: (tree) =>
      [...generated(tree, 'ReplicationSource'), ...generated(tree, 'ReplicationDestination')].flatMap(({ where, data }) =>
        same([data.spec.kopia.username, data.spec.kopia.hostname], [`${name}-backup`, namespace], `${where}: the identity`),
      ),
    mutate: (tree) => both(tree, 'ReplicationDestination', (data) => (data.spec.kopia.username = `${name}-restore`)),
  },
  {
    name: 'trap 2: every mover and every maintenance uses the Secret of its PVC',
    check: (tree) =>
      generated(tree).flatMap(({ where, kind, data, name: made }) => {
        if (kind === 'ExternalSecret') return same([made, data.spec.target.name], [`volsync-${name}`, `volsync-${name}`], where);
        return same(kind === 'KopiaMaintenance' ? data.spec.repository.repository : data.spec.kopia.repository, `volsync-${name}`, where);
      }),
    mutate: (tree) => both(tree, 'KopiaMaintenance', (data) => (data.spec.repository.repository = 'volsync')),
  },
  {
    name: 'trap 3: a ReplicationDestination is made only for a restore, under the name that this creation of the PVC waits for',
    check: (tree) => [
      ...generated(tree, 'ReplicationDestination').flatMap(({ where, entry, data, name: made }) => [
        ...same([made, data.spec.trigger], ['{{ request.object.spec.dataSourceRef.name }}', { manual: '{{ request.object.metadata.uid }}' }], where),
        ...(conditionsOf(entry).some(
          ({ key, operator, value }: Data) => key.includes(`"volsync.backup/decision" == 'restore'`) && operator === 'Equals' && value === true,
        )
          ? []
          : [`${where} is made without a decision`]),
      ]),
      ...(generated(tree, 'ReplicationDestination').length === 2 ? [] : ['creation and repair do not both restore']),
    ],
    mutate: (tree) => entryFor(generate(tree), 'ReplicationDestination').preconditions.all.pop(),
  },
  {
    name: 'trap 3: a restore never writes into the application’s own volume',
    check: (tree, { snapshots }) =>
      [...generated(tree, 'ReplicationSource'), ...generated(tree, 'ReplicationDestination')].flatMap(({ where, kind, data }) =>
        same(
          [data.spec.kopia.copyMethod, data.spec.kopia.destinationPVC ?? 'none', data.spec.kopia.cleanupTempPVC ?? false],
          // The snapshot of a restore must not go with the temporary volume.
          ['Snapshot', 'none', kind === 'ReplicationDestination' && snapshots.outliveVolumes],
          where,
        ),
      ),
    mutate: (tree) => both(tree, 'ReplicationDestination', (data) => (data.spec.kopia.copyMethod = 'Direct')),
  },
  {
    name: 'trap 17: everything generated belongs to its PVC and goes with it',
    check: (tree) =>
      generated(tree).flatMap(({ where, data }) =>
        same(
          data.metadata.ownerReferences,
          [{ apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, uid: '{{ request.object.metadata.uid }}' }],
          `${where}: the owner`,
        ),
      ),
    mutate: (tree) => both(tree, 'ReplicationDestination', (data) => delete data.metadata.ownerReferences),
  },
  {
    name: 'everything generated stands in the namespace of its PVC',
    check: (tree) =>
      problemsOf(
        generated(tree),
        ({ entry }) => entry.namespace !== namespace,
        ({ where }) => `${where} makes its object elsewhere`,
      ),
    mutate: (tree) => (entryFor(generate(tree), 'ExternalSecret').namespace = 'volsync-system'),
  },
  {
    name: 'the repair makes exactly what the creation makes',
    check: (tree) => {
      const made = (policy: Data): unknown => entriesOf(policy).map((entry) => [entry.kind, entry.name, entry.data]);
      return JSON.stringify(made(generate(tree))) === JSON.stringify(made(repair(tree))) ? [] : ['creation and repair differ'];
    },
    mutate: (tree) => (entryFor(repair(tree), 'ExternalSecret').data.metadata.labels = { a: 'b' }),
  },
  {
    name: 'trap 30: a ReplicationSource has a schedule and no manual trigger, which would win',
    check: (tree) =>
      generated(tree, 'ReplicationSource').flatMap(({ where, data }) => same(Object.keys(data.spec.trigger), ['schedule'], `${where}: the trigger`)),
    mutate: (tree, { tiers }) => both(tree, 'ReplicationSource', (data) => (data.spec.trigger.manual = 'initial'), tiers[0]!.label),
  },
  {
    name: 'schedules and retention are those of the tier that a PVC is labelled with, and nothing else is kept',
    check: (tree, { tiers, spreadSchedules }) =>
      generated(tree, 'ReplicationSource').flatMap(({ where, entry, data }) => {
        const [label, ...others] = tiersOf(entry);
        const tier = tiers.find((each) => each.label === label);
        if (tier === undefined || others.length > 0) return [`${where}: made for ${[label, ...others].join()}`];
        const { daily = 0, hourly = 0, latest = 0, monthly = 0, weekly = 0, yearly = 0 } = tier.retention;
        const schedule = spreadSchedules
          ? data.spec.trigger.schedule.replace(/^\{\{.*\}\}/, tier.schedule.split(' ')[0])
          : data.spec.trigger.schedule;
        return [
          ...same(schedule, tier.schedule, `${where}: the schedule`),
          ...same(data.spec.kopia.retain, { daily, hourly, latest, monthly, weekly, yearly }, `${where}: retention`),
        ];
      }),
    mutate: (tree, { tiers }) => both(tree, 'ReplicationSource', (data) => delete data.spec.kopia.retain.yearly, tiers.at(-1)!.label),
  },
  {
    name: 'backups are compressed with zstd and read with parallelism 2, as the description says',
    check: (tree) =>
      generated(tree, 'ReplicationSource').flatMap(({ where, data }) =>
        same([data.spec.kopia.compression, data.spec.kopia.parallelism], ['zstd', 2], where),
      ),
    mutate: (tree, { tiers }) => both(tree, 'ReplicationSource', (data) => (data.spec.kopia.parallelism = 8), tiers.at(-1)!.label),
  },
  {
    name: 'trap 26: every repository has its maintenance, once a day, under a name that VolSync can use',
    check: (tree) => [
      ...generated(tree, 'KopiaMaintenance').flatMap(({ where, data, name: made }) => [
        ...(/^kopia-\{\{ truncate\(sha256\(request\.object\.metadata\.name\), `16`\) \}\}$/.test(made)
          ? []
          : [`${where}: ${made} may be longer than 23 characters`]),
        ...(/^\{\{.*\}\} \d+ \* \* \*$/.test(data.spec.trigger.schedule) ? [] : [`${where}: schedule ${data.spec.trigger.schedule}`]),
      ]),
      ...(generated(tree, 'KopiaMaintenance').length === 2 ? [] : ['a repository without maintenance']),
    ],
    mutate: (tree) => both(tree, 'KopiaMaintenance', (data) => (data.spec.trigger.schedule = '0 * * * *')),
  },
  {
    name: 'trap 27: annotations on the PVC give its movers another identity than the site’s',
    check: (tree) =>
      [...generated(tree, 'ReplicationSource'), ...generated(tree, 'ReplicationDestination')].flatMap(({ where, data }) =>
        Object.entries({ runAsUser: 'run-as-user', runAsGroup: 'run-as-group', fsGroup: 'fs-group' }).flatMap(([field, key]) =>
          String(data.spec.kopia.moverSecurityContext[field]).includes(`"volsync.backup/${key}"`) ? [] : [`${where}: ${field} can't be overridden`],
        ),
      ),
    mutate: (tree, { tiers, mover }) =>
      both(tree, 'ReplicationSource', (data) => (data.spec.kopia.moverSecurityContext.runAsUser = mover.runAsUser), tiers[0]!.label),
  },
  {
    name: 'trap 9: a source is made at creation and by the repair, for every tier, and waits for no admission that never comes',
    check: (tree, { tiers }) =>
      [generate(tree), repair(tree)].flatMap((policy) =>
        tiers.flatMap((tier) => {
          const entry = entryFor(policy, 'ReplicationSource', tier.label);
          if (entry === undefined) return [`${policy.metadata.name} makes no source for ${tier.label}`];
          const conditions = JSON.stringify([entry.preconditions, policy.spec.rules[0].preconditions]);
          return conditions.includes('time_since') || conditions.includes('status.phase')
            ? [`${tier.label} waits for a state that no admission shows`]
            : [];
        }),
      ),
    mutate: (tree, { tiers }) =>
      entryFor(generate(tree), 'ReplicationSource', tiers[0]!.label).preconditions.all.push({
        key: '{{ request.object.status.phase }}',
        operator: 'Equals',
        value: 'Bound',
      }),
  },
  {
    name: 'the repair also walks over what exists',
    check: (tree) =>
      problemsOf(
        repair(tree).spec.rules,
        (rule: Data) => rule.generate !== undefined && rule.generate.generateExisting !== true,
        (rule: Data) => `rule ${rule.name} waits for an update`,
      ),
    mutate: (tree) => (repair(tree).spec.rules[0].generate.generateExisting = false),
  },
];

/** Tiers that an entry is for, by its conditions. */
function tiersOf(entry: Data): string[] {
  return conditionsOf(entry).flatMap(({ key, value }) => (key.includes('.labels.') ? value : []));
}

/** The place of a value in a namespace that may have keys of its own. */
function placeFor(place: Data, of: string): Data {
  return place && { ...place, key: String(place.key).split('{namespace}').join(of) };
}

/** Where each key comes from. */
function places({ keys }: Site['secretSource']): Record<string, object> {
  return {
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    KOPIA_PASSWORD: keys.kopiaPassword,
    KOPIA_S3_ACCESS_KEY_ID: keys.accessKeyId,
    KOPIA_S3_SECRET_ACCESS_KEY: keys.secretAccessKey,
  };
}

function sameData(a: object, b: object | undefined): boolean {
  return b !== undefined && isDeepStrictEqual({ ...a }, { ...b });
}

/** Changes what creation and repair generate alike, so that only the rule in question notices. */
function both(tree: Tree, kind: string, change: (data: Data) => void, label?: string): void {
  for (const policy of [generate(tree), repair(tree)]) change(entryFor(policy, kind, label).data);
}
