/** When the gate came to its verdict, RFC 3339 in UTC. The backstop takes no verdict of another time: it belongs to another creation. */
export const decidedAtAnnotation = 'volsync.backup/decided-at';

/** Verdict of the gate while children of an earlier PVC of the same name are still there. It admits nothing. */
export const waitVerdict = 'wait';
