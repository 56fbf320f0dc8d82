import { statSync } from 'node:fs';
import { output } from './copies';

export type ChangePolicy = 'Always' | 'OnRootMismatch';

/**
 * Makes a volume its Pod's group's own, as the kubelet does: everything belongs to the group and can be read and written by owner and group, and
 * folders hand the group on.
 *
 * @param policy with OnRootMismatch a volume whose root is so already is left alone
 */
export async function giveToGroup(folder: string, gid: number, policy: ChangePolicy = 'Always'): Promise<void> {
  const root = statSync(folder);
  if (policy === 'OnRootMismatch' && root.gid === gid && (root.mode & 0o2770) === 0o2770) return;
  const script = [
    'chgrp -hR "$2" "$1"',
    'find "$1" -type d -exec chmod ug+rwx,g+s {} +',
    'find "$1" ! -type d ! -type l -exec chmod ug+rw {} +',
  ].join(' && ');
  await output('sh', ['-c', script, 'sh', folder, String(gid)]);
}
