import { join } from 'node:path';
import { repository } from '../../verify/tree';

/** The tree of `examples/homelab/site.ts` as it was last looked at: what a change of the product changes shows in Git. `npm run golden` writes it. */
export const golden = join(repository, 'test', 'golden', 'homelab');
