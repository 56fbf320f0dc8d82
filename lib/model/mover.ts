/** Where the mover's image has its entry script (fork v0.17.11, Dockerfile). */
export const entryScript = '/mover-kopia/entry.sh';

/** Command of a mover's container with our script around VolSync's own; the arguments stay. */
export function moverCommand(script: string): readonly string[] {
  return ['/bin/bash', '-c', script, entryScript];
}
