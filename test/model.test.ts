import fc from 'fast-check';
import { isDnsLabel, isDnsSubdomain, isLabelValue, KubernetesName } from '../lib/model/kubernetes-name';
import {
  kopiaIdentity,
  maintenanceName,
  maxPvcNameLength,
  restoreNamePrefix,
  restoreSuffixLength,
  secretName,
  sourceName,
  storePrefix,
} from '../lib/model/naming';
import { ObjectStore } from '../lib/model/object-store';
import { InputError } from '../lib/model/problems';
import { CronSchedule, scheduleProblem, spreadMinute } from '../lib/model/schedule';
import { Size } from '../lib/model/size';
import { credentialKeys, locationKeys, secretKeys } from '../lib/model/secret-key';
import { completeRetention, TierLabel } from '../lib/model/tier';

const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
const pvcName = fc
  .stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?)?$/)
  .filter((name) => name.length <= maxPvcNameLength);

describe('trap 16: names derived from a PVC', () => {
  test('are names that Kubernetes, VolSync and Kopia accept, for every PVC that can be restored', () => {
    fc.assert(
      fc.property(label, pvcName, (namespace, name) => {
        const pvc = { namespace, name };
        for (const derived of [secretName(pvc), sourceName(pvc), maintenanceName(pvc), restoreNamePrefix(pvc) + 'a'.repeat(restoreSuffixLength)]) {
          expect(isDnsSubdomain(derived)).toBe(true);
        }
        expect(maintenanceName(pvc).length).toBeLessThanOrEqual(23);
        // Pattern of VolSync's CRD for both.
        const { username, hostname } = kopiaIdentity(pvc);
        for (const part of [username, hostname]) expect(part).toMatch(/^[a-zA-Z0-9][a-zA-Z0-9._-]*[a-zA-Z0-9]$|^[a-zA-Z0-9]$/);
        // Characters that the mover's script lets through in KOPIA_REPOSITORY.
        expect(storePrefix(pvc)).toMatch(/^[A-Za-z0-9._/-]+$/);
      }),
    );
  });

  test('keep two PVCs apart', () => {
    fc.assert(
      fc.property(label, pvcName, label, pvcName, (ns1, name1, ns2, name2) => {
        fc.pre(ns1 !== ns2 || name1 !== name2);
        const [a, b] = [
          { namespace: ns1, name: name1 },
          { namespace: ns2, name: name2 },
        ];
        expect(`${storePrefix(a)}/`.startsWith(`${storePrefix(b)}/`)).toBe(false);
        if (name1 !== name2) expect(maintenanceName(a)).not.toBe(maintenanceName(b));
      }),
    );
  });
});

describe('trap 28: spreading', () => {
  const names = Array.from(
    { length: 100 },
    (_, index) =>
      [['media', 'home', 'infra', 'db'][index % 4]!, `${['data', 'config', 'cache', 'library', 'postgres'][index % 5]}-${index}`] as const,
  );

  test('puts at most 8 of 100 volumes into one minute, always the same', () => {
    const minutes = names.map(([namespace, name]) => spreadMinute(namespace, name));
    const busiest = Math.max(...minutes.map((minute) => minutes.filter((other) => other === minute).length));
    expect(busiest).toBeLessThanOrEqual(8);
    expect(minutes.every((minute) => Number.isInteger(minute) && minute >= 0 && minute < 60)).toBe(true);
    // As Kyverno's own JMESPath computed it (Kyverno CLI 1.19.0).
    expect(spreadMinute('my-app', 'restore-a')).toBe(31);
  });

  test('keeps the hour', () => expect(CronSchedule.of('0 2 * * *').withMinute('31')).toBe('31 2 * * *'));
});

describe('schedules', () => {
  test.each(['0 * * * *', '0 2 * * *', '*/15 * * * *', '0 2,14 * * 1-5', '5/10 * * * *'])('%s is one', (schedule) =>
    expect(scheduleProblem(schedule)).toBeUndefined(),
  );
  test.each(['', '@hourly-ish', '0 0 * * * *', '0 24 * * *', 'a b c d e', '0  * * * *', '0 0 30 2 *'])('"%s" is none', (schedule) =>
    expect(scheduleProblem(schedule)).toBeDefined(),
  );
  test('the longest gap is what "stale" is measured against', () => {
    expect(CronSchedule.of('0 * * * *').longestGapSeconds).toBe(3600);
    expect(CronSchedule.of('0 2 * * 1-5').longestGapSeconds).toBe(3 * 24 * 3600);
  });
});

describe('secret keys', () => {
  test('are the ten, each from one place', () => {
    const keys = [...Object.keys(locationKeys(ObjectStore.of('http://nas:9000', 'backup'), 'x/y')), ...Object.keys(credentialKeys)];
    expect(keys.toSorted()).toEqual([...secretKeys]);
  });

  test('turn TLS off only for http', () => {
    expect(locationKeys(ObjectStore.of('http://nas:9000', 'backup'), 'x/y').KOPIA_S3_DISABLE_TLS).toBe('true');
    expect(locationKeys(ObjectStore.of('https://s3.example.com', 'backup'), 'x/y').KOPIA_S3_DISABLE_TLS).toBe('false');
  });
});

test('a store knows its spellings', () => {
  const store = ObjectStore.of('https://s3.example.com', 'backup');
  expect([store.host, store.port, store.repositoryUrl('x/y')]).toEqual(['s3.example.com', 443, 's3://backup/x/y']);
  expect(() => ObjectStore.of('s3.example.com', 'backup')).toThrow('"s3.example.com" has no http:// or https:// in front');
});

test('retention is explicit: what is not named is kept zero times', () => {
  expect(completeRetention({ daily: 7 })).toEqual({ hourly: 0, daily: 7, weekly: 0, monthly: 0, yearly: 0, latest: 0 });
});

test('Kubernetes names', () => {
  expect([isDnsLabel('a-1'), isDnsLabel('a.b'), isDnsLabel('-a'), isDnsLabel('a'.repeat(64))]).toEqual([true, false, false, false]);
  expect([isDnsSubdomain('a.b-1'), isDnsSubdomain('a..b'), isDnsSubdomain('A')]).toEqual([true, false, false]);
  expect([isLabelValue('a_B.c'), isLabelValue('a '), isLabelValue('')]).toEqual([true, false, true]);
});

describe('values with limits', () => {
  const taken: readonly (readonly [string, () => object, string])[] = [
    ['Size', () => Size.of('1.5Gi'), '1.5Gi'],
    ['Size in units of ten', () => Size.of('500G'), '500G'],
    ['TierLabel', () => TierLabel.of('x'.repeat(37)), 'x'.repeat(37)],
    ['CronSchedule', () => CronSchedule.of('@daily'), '@daily'],
    ['KubernetesName of a namespace', () => KubernetesName.ofNamespace('a'.repeat(63)), 'a'.repeat(63)],
    ['KubernetesName of a PVC', () => KubernetesName.ofPvc('data.0'), 'data.0'],
  ];
  test.each(taken)('%s keeps what it was made from', (_, make, text) => expect(String(make())).toBe(text));

  const refused: readonly (readonly [string, () => object, string])[] = [
    ['Size', () => Size.of('0Gi'), '"0Gi" is nothing: write a number with Ki, Mi, Gi or Ti, for example 10Gi'],
    ['Size of thousandths', () => Size.of('500m'), '"500m" has no unit of a size: write a number with Ki, Mi, Gi or Ti, for example 10Gi'],
    ['TierLabel', () => TierLabel.of('x'.repeat(38)), 'is too long: at most 37 characters'],
    ['CronSchedule', () => CronSchedule.of('0 2 * * 7'), '"0 2 * * 7" is out of range (weekday "7" ends above 6)'],
    [
      'KubernetesName of a namespace',
      () => KubernetesName.ofNamespace('a.b'),
      '"a.b" is not a name for a namespace: use 1 to 63 lower-case letters, digits and dashes',
    ],
    ['KubernetesName of a PVC', () => KubernetesName.ofPvc('Data'), '"Data" is not a name for a PVC that can be restored: use 1 to 63 lower-case'],
  ];
  test.each(refused)('%s refuses what is beyond its limits, with the value and the fix', (_, make, message) => {
    expect(make).toThrow(InputError);
    expect(make).toThrow(message);
  });
});
