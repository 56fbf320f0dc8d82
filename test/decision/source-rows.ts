import { type Row, row } from './row';

const fields = ['dataSource', 'dataSourceRef'] as const;
let count = 0;

/** The same PVC with what fills it: a restore of its own name, and what differs from that in one thing. */
function each(what: string, make: (name: string, isOwn: boolean) => Omit<Parameters<typeof row>[3], 'spec'> & Made): Row[] {
  return fields.flatMap((field) => {
    const of = (source: string, isOwn: boolean, change: object): Row => {
      count += 1;
      const name = `source-${count}`;
      const own = { apiGroup: 'volsync.backube', kind: 'ReplicationDestination', name: `${name}-restore-old` };
      const { answer, refused, ...options } = make(name, isOwn);
      return row(`${what}, and its ${field} names ${source}`, answer, refused, { ...options, name, spec: { [field]: { ...own, ...change } } });
    };
    return [
      of('a restore of its own', true, {}),
      of('another kind', false, { kind: 'VolumeSnapshot' }),
      of('another group', false, { apiGroup: 'example.com' }),
      of('the restore of another PVC', false, { name: 'other-restore-old' }),
    ];
  });
}

interface Made {
  readonly answer: Parameters<typeof row>[1];
  readonly refused: Row['refused'];
}

/** PVCs that say themselves what fills them. */
export const sourceRows: readonly Row[] = [
  ...each('no answer', () => ({ answer: null, refused: ['unknown'] })),
  ...each('it exists', (_, isOwn) =>
    isOwn ? { answer: null, refused: [], exists: true, decision: 'exists' } : { answer: null, refused: ['unknown'], exists: true },
  ),
  ...each('over a backup', (_, isOwn) => ({ answer: 'restore', refused: isOwn ? [] : ['foreignSource'] })),
  ...each('label "Hourly" over a backup', () => ({ answer: 'restore', refused: ['otherLabelConflict'], backup: 'Hourly' })),
];
