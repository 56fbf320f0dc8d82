import * as v from 'valibot';
import { imageProblem } from '../../model/image';
import { block, switched, text, whole } from '../schema-parts';

export const plumber = v.optional(
  block({
    /**
     * Image with the service in it (see `pvc-plumber/Dockerfile`), pinned by digest or by a tag that does not move. @default - the stock Node image
     * runs the bundle from a ConfigMap
     */
    image: v.optional(text(imageProblem)),
    /** Pods that answer, 1 or more. */
    replicas: v.optional(whole(1), 2),
    /**
     * List the whole bucket at start, and compile the code of an answer, so that a burst of restores needs no look-up for each PVC. Only proves
     * backups, never their absence.
     */
    warmUp: switched(true),
  }),
  {},
);
