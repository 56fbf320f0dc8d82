import { annotation, podLabel, podSecurityLabel } from '../../lib/model/naming';
import { madeByVolsync, populatorLabel } from '../../lib/model/volsync-labels';
import type { PvcOptions } from '../support/pvc';
import { type AdmissionCase, created, ofVolsync } from './case';

const wrapped = ['/bin/bash', '-c', 'the script', '/mover-kopia/entry.sh'];

function pod(
  name: string,
  commands: readonly (readonly string[] | undefined)[],
  isRefused: boolean,
  labels: object = { [podLabel.mover]: 'backup' },
): AdmissionCase {
  const containers = commands.map((command, index) => ({ name: `c${index}`, ...(command && { command }) }));
  return {
    name: `a mover ${name}`,
    resource: 'pods',
    request: { operation: 'CREATE', object: { kind: 'Pod', metadata: { namespace: 'app', name: 'volsync-src-data', labels }, spec: { containers } } },
    refused: isRefused ? [/mover Pod app\/volsync-src-data can't be created, because it lacks the script/] : [],
  };
}

const asRoot = /is NOT backed up: volsync.backup\/run-as-user="0" asks for movers that run as root/;
const oneUser = /where a mover can't run as root: a restore gives every file to user 568/;

function owners(name: string, options: PvcOptions, warned: readonly RegExp[], namespaceLabels: Readonly<Record<string, string>>): AdmissionCase {
  return { name: `owners of files: ${name}`, resource: 'persistentvolumeclaims', request: { ...created(options), namespaceLabels }, warned };
}

const restricted = { [podSecurityLabel]: 'restricted' };
const user = (id: string): PvcOptions => ({ annotations: { [annotation.runAsUser]: id } });

/** Pods of movers, and PVCs whose movers can't run as root. */
export const moverCases: readonly AdmissionCase[] = [
  pod('with the script', [wrapped], false),
  pod('without a command', [undefined], true),
  pod('with the command of VolSync itself', [['/mover-kopia/entry.sh']], true),
  pod('with another shell', [['/bin/sh', ...wrapped.slice(1)]], true),
  pod('with another program behind the script', [[...wrapped.slice(0, 3), '/mover-kopia/other.sh']], true),
  pod('with an argument too many', [[...wrapped, 'more']], true),
  pod('with a second container that lacks the script', [wrapped, undefined], true),
  pod('of somebody else', [undefined], false, { app: 'web' }),
  owners('nobody is named', {}, [oneUser], restricted),
  owners('nobody is named, with the other tier', { backup: 'daily' }, [oneUser], restricted),
  owners('the user is root', user('0'), [asRoot], restricted),
  owners('the user is named', user('1000'), [], restricted),
  owners('the namespace lets movers run as root', {}, [], { [podSecurityLabel]: 'baseline' }),
  owners('a PVC without the label', { backup: null }, [], restricted),
  owners('a copy that VolSync made for a backup', ofVolsync(madeByVolsync.key, madeByVolsync.value), [], restricted),
  owners('a volume that VolSync made for a restore', ofVolsync(populatorLabel, 'data'), [], restricted),
];
