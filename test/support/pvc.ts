import { backupLabel } from '../../lib/model/naming';

export interface PvcOptions {
  /** Value of the label `backup`; null for none. @default - hourly */
  readonly backup?: string | null;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Merged over the spec. */
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

/** A PVC as a person writes it. */
export interface Pvc {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly annotations: Readonly<Record<string, string>>;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec: Readonly<Record<string, unknown>>;
}

export function pvc(namespace: string, name: string, options: PvcOptions = {}): Pvc {
  const { backup = 'hourly', annotations = {}, spec = {}, metadata = {} } = options;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, namespace, annotations, ...(backup === null ? {} : { labels: { [backupLabel]: backup } }), ...metadata },
    spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'longhorn', resources: { requests: { storage: '1Gi' } }, ...spec },
  };
}
