import * as v from 'valibot';
import { gitFolderProblem, gitRevisionProblem, gitUrlProblem } from '../../model/git';
import { block, text } from '../schema-parts';

export const git = block({
  /** `https://…`, `ssh://…` or `user@host:path`, without a password or token: it would be committed, and sent with every alert. */
  url: text(gitUrlProblem),
  /** Branch, tag or commit. */
  revision: v.optional(text(gitRevisionProblem), 'main'),
  /** Folder of the rendered tree in the repository, without `.`, `..` and patterns; empty for its root. */
  path: v.optional(text(gitFolderProblem), 'dist'),
});
