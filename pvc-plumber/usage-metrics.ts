import type { Usage } from './usage';

interface Family {
  readonly name: string;
  readonly help: string;
  /** Undefined: no series. */
  readonly value: (usage: Usage) => number | undefined;
}

const families: readonly Family[] = [
  { name: 'bytes', help: 'Size of what the store holds of a PVC.', value: ({ bytes }) => bytes },
  { name: 'data_bytes', help: 'Size of the packs of file data among it.', value: ({ dataBytes }) => dataBytes },
  { name: 'objects', help: 'Objects that the store holds of a PVC.', value: ({ objects }) => objects },
  {
    name: 'newest_object_timestamp_seconds',
    help: 'When the newest pack of a PVC was written. Every backup writes one.',
    value: ({ newestPack }) => (newestPack === 0 ? undefined : Math.floor(newestPack / 1000)),
  },
  {
    name: 'restorable',
    help: 'Whether the store holds a repository with file data of a PVC, so that it would be restored: 1 or 0.',
    value: ({ hasRepository, hasData }) => Number(hasRepository && hasData),
  },
];

/**
 * The series of all PVCs in Prometheus' text format. Written once for each scan of the store and not for each scrape, because thousands of them take as long as
 * thousands of answers. Names of Kubernetes need no escaping.
 */
export function usageText(usages: Iterable<Usage>): Buffer {
  const all = [...usages];
  const parts = families.map(({ name, help, value }) => {
    const metric = `pvc_plumber_backup_${name}`;
    const lines = all.flatMap((usage) => {
      const shown = value(usage);
      return shown === undefined ? [] : [`${metric}{namespace="${usage.namespace}",persistentvolumeclaim="${usage.name}"} ${shown}\n`];
    });
    return Buffer.from(`# HELP ${metric} ${help}\n# TYPE ${metric} gauge\n${lines.join('')}`);
  });
  return Buffer.concat(parts);
}
