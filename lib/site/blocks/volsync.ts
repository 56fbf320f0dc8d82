import * as v from 'valibot';
import { chartRepositoryProblem } from '../../model/git';
import { imageProblem } from '../../model/image';
import { block, switched, text } from '../schema-parts';

export const volsync = v.optional(
  block({
    /** Install VolSync. Off where the fork with Kopia runs already, in `volsync-system`; the official VolSync has no Kopia, and no two can run. */
    install: switched(true),
    /** Helm repository with the chart `volsync`: `https://…`, or a registry's host and path for an OCI repository. @default - the fork's own */
    chartRepository: v.optional(text(chartRepositoryProblem)),
    /** Image of the controller and its movers, with tag or digest (`registry/path@sha256:…`). @default - the fork's own, by tag */
    image: v.optional(text(imageProblem)),
  }),
  {},
);
