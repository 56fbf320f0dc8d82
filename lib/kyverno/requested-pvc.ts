import { annotation, maintenanceNameExpression, type PvcRef } from '../model/naming';
import type { PvcValues } from '../model/pvc-values';
import { spreadMinuteExpression } from '../model/schedule';
import { literal, request, requestedPvc, variable } from './jmespath';

export interface MoverIdentity {
  readonly runAsUser: number;
  readonly runAsGroup: number;
  readonly fsGroup: number;
}

export interface RequestedPvcOptions {
  readonly mover: MoverIdentity;
  /** Class of a PVC that names none. */
  readonly storageClass: string;
}

/** The PVC of the admission request, as expressions for the children that Kyverno makes. */
export function requestedPvcValues({ mover, storageClass }: RequestedPvcOptions): PvcValues {
  const ref: PvcRef = requestedPvc;
  const user = idQuery(annotation.runAsUser, mover.runAsUser);
  return {
    ...ref,
    uid: variable(request.uid),
    storage: variable(request.storageRequest),
    accessMode: variable(`${request.accessModes}[0] || 'ReadWriteOnce'`),
    storageClass: variable(`${request.storageClassName} || '${storageClass}'`),
    restoreName: variable(`${request.dataSourceRef}.name`),
    maintenanceName: maintenanceNameExpression(request.name),
    minute: spreadMinuteExpression(request.namespace, request.name),
    runAsUser: variable(user),
    runAsGroup: variable(idQuery(annotation.runAsGroup, mover.runAsGroup)),
    fsGroup: variable(idQuery(annotation.fsGroup, mover.fsGroup)),
    runAsNonRoot: variable(`(${user}) != ${literal(0)}`),
  };
}

/** Number of an annotation, or the site's. What is no number counts as absent: the gate refuses it at creation, and no text gets into a child. */
function idQuery(key: string, fallback: number): string {
  return `to_number(${request.annotation(key)} || '') || ${literal(fallback)}`;
}
