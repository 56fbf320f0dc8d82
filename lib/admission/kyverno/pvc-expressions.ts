import { idPattern } from '../../model/mover-identity';
import { annotation, maintenanceNameExpression, type PvcRef } from '../../model/naming';
import type { PvcValues } from '../../protection/pvc-values';
import { spreadMinuteExpression } from '../../model/schedule';
import { literal, request, requestedPvc, variable } from './jmespath';

export interface MoverIdentity {
  /** Run movers as root, so that owners and modes come back as they were. */
  readonly keepOwners: boolean;
  readonly runAsUser: number;
  readonly runAsGroup: number;
  readonly fsGroup: number;
}

export interface RequestedPvcOptions {
  readonly mover: MoverIdentity;
  readonly storage: {
    /** Class of a PVC that names none. */
    readonly storageClass: string;
    readonly snapshotClass: string;
    /** Snapshot class of further StorageClasses. */
    readonly snapshotClasses: Readonly<Record<string, string>>;
  };
}

/** The PVC of the admission request, as expressions for the resources that Kyverno generates. */
export function requestedPvcValues({ mover, storage }: RequestedPvcOptions): PvcValues {
  const ref: PvcRef = requestedPvc;
  const user = idQuery(annotation.runAsUser, mover.runAsUser);
  return {
    ...ref,
    uid: variable(request.uid),
    storage: variable(request.storageRequest),
    // The mover writes: a claim that names a read-only mode first is restored through another one.
    accessMode: variable(`${request.accessModes}[?@ != 'ReadOnlyMany'] | [0] || 'ReadWriteOnce'`),
    storageClass: variable(`${request.storageClassName} || '${storage.storageClass}'`),
    snapshotClass: snapshotClassOf(storage),
    restoreName: variable(`${request.dataSourceRef}.name`),
    maintenanceName: maintenanceNameExpression(request.name),
    minute: spreadMinuteExpression(request.namespace, request.name),
    owners: variable(ownersQuery(mover.keepOwners)),
    restoreAsOf: variable(
      `${request.annotation(annotation.restoreAsOf)} && time_utc(${request.annotation(annotation.restoreAsOf)}) || '${endOfTime}'`,
    ),
    restorePrevious: variable(idQuery(annotation.restorePrevious, 0)),
    runAsUser: variable(user),
    runAsGroup: variable(idQuery(annotation.runAsGroup, mover.runAsGroup)),
    fsGroup: variable(idQuery(annotation.fsGroup, mover.fsGroup)),
    runAsNonRoot: variable(`(${user}) != ${literal(0)}`),
  };
}

/** The snapshot class that belongs to the PVC's StorageClass; the site's where there is only one. */
function snapshotClassOf({ storageClass, snapshotClass, snapshotClasses }: RequestedPvcOptions['storage']): string {
  const own = `(${request.storageClassName} || '${storageClass}')`;
  const others = Object.entries(snapshotClasses).filter(([, other]) => other !== snapshotClass);
  if (others.length === 0) return snapshotClass;
  return variable([...others.map(([of, other]) => `(${own} == '${of}' && '${other}')`), `'${snapshotClass}'`].join(' || '));
}

/** In place of no time at all: a field that is there only sometimes can't be generated. */
const endOfTime = '9999-12-31T23:59:59Z';

/** A PVC with a user of its own wants that user, unless it is root. */
function ownersQuery(keep: boolean): string {
  const own = request.annotation(annotation.runAsUser);
  return `(${own} == '0' && 'keep') || (${own} && 'fixed') || '${keep ? 'keep' : 'fixed'}'`;
}

/** Id of an annotation, or the site's. A value that is not an id counts as absent: it is refused at creation, and never gets into a generated resource later. */
function idQuery(key: string, fallback: number): string {
  const value = request.annotation(key);
  return `(regex_match('${idPattern}', ${value} || '') && to_number(${value})) || ${literal(fallback)}`;
}
