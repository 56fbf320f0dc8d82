/** Where the mover's image has its entry script (fork v0.17.11, Dockerfile). */
export const entryScript = '/mover-kopia/entry.sh';

/** Command of a mover's container with our script around VolSync's own; the arguments stay. */
export function moverCommand(script: string): readonly string[] {
  return ['/bin/bash', '-c', script, entryScript];
}

/**
 * What the script around the mover (`lib/volsync/mover.sh`) writes last, when a complete snapshot was restored to its end and is on the disk. VolSync's filter leaves
 * each line with "Snapshot restore completed" in the status (fork v0.17.11, logparser.go). The mover's own line is not proof: it does not look whether the
 * snapshot is complete.
 */
export const restoreProofText = 'Snapshot restore completed and checked';
