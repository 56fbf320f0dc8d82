import { backupLabel } from '../../lib/model/naming';
import type { KubeObject } from '../harness/api';
import { same } from '../harness/check';
import { admitted, pvc, pvcRef } from '../harness/pvc';
import { parallelScenario, type Scenario } from '../harness/scenario';

type Labels = Readonly<Record<string, string>>;

function workload(
  kind: 'Deployment' | 'StatefulSet',
  namespace: string,
  name: string,
  options: { own?: Labels; ofPods?: Labels; ofClaim?: Labels },
): KubeObject {
  const app = { app: name };
  const claim = { metadata: { name: 'data', labels: options.ofClaim }, spec: pvc(namespace, name)['spec'] };
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { namespace, name, labels: options.own ?? {} },
    spec: {
      replicas: 0,
      selector: { matchLabels: app },
      template: { metadata: { labels: { ...app, ...options.ofPods } }, spec: { containers: [{ name: 'app', image: 'app' }] } },
      ...(kind === 'StatefulSet' ? { serviceName: name } : {}),
      ...(options.ofClaim === undefined ? {} : { volumeClaimTemplates: [claim] }),
    },
  };
}

const daily = { [backupLabel]: 'daily' };

export const labelWarningScenarios: readonly Scenario[] = [
  parallelScenario('a label that is misspelt or stands in the wrong place draws a warning, and nothing else does', async (cluster) => {
    const ns = await cluster.namespace('misplaced');
    const excluded = (name: string): string => `${name}${cluster.round}`;
    const warned: [what: string, object: KubeObject, warning: RegExp | undefined][] = [
      ['a misspelt PVC', pvc(ns, 'misspelt', { backup: null, metadata: { labels: { bakcup: 'daily' } } }), /label bakcup, which asks for NO backup/],
      ['a PVC with a label of its own', pvc(ns, 'other', { backup: null, metadata: { labels: { team: 'daily' } } }), undefined],
      ['a Deployment', workload('Deployment', ns, 'labelled', { own: daily }), /has the label backup, which asks for NO backup there/],
      ['the Pods of a Deployment', workload('Deployment', ns, 'pods', { ofPods: daily }), /has the label backup, which asks for NO backup there/],
      ['an ordinary Deployment', workload('Deployment', ns, 'plain', {}), undefined],
      ['a right StatefulSet', workload('StatefulSet', ns, 'right', { ofClaim: daily }), undefined],
      ['a StatefulSet labelled twice', workload('StatefulSet', ns, 'twice', { own: daily, ofClaim: daily }), undefined],
      ['a wrong StatefulSet', workload('StatefulSet', ns, 'weekly', { ofClaim: { [backupLabel]: 'weekly' } }), /claims data are NOT backed up/],
      [
        'a misspelt StatefulSet',
        workload('StatefulSet', ns, 'bakcup', { ofClaim: { bakcup: 'daily' } }),
        /claims data have a label that asks for NO backup/,
      ],
      [
        'an excluded StatefulSet',
        workload('StatefulSet', 'volsync-system', excluded('set'), { ofClaim: daily }),
        /the namespace is excluded from backups/,
      ],
    ];
    for (const [what, object, warning] of warned) {
      const reply = await cluster.api.create(object);
      admitted(reply);
      same(
        reply.warnings.map((each) => warning?.test(each) ?? each),
        warning === undefined ? [] : [true],
        `the warnings for ${what} (${reply.warnings.join()})`,
      );
    }
    const note = { metadata: { annotations: { note: 'x' } } };
    const quiet = [
      pvcRef(ns, 'misspelt'),
      { apiVersion: 'apps/v1', kind: 'Deployment', namespace: ns, name: 'labelled' },
      { apiVersion: 'apps/v1', kind: 'StatefulSet', namespace: ns, name: 'weekly' },
    ];
    for (const ref of quiet) same((await cluster.api.patch(ref, note)).warnings, [], `warnings for a change of something else of ${ref.name}`);
    const later = await cluster.api.patch(pvcRef(ns, 'other'), { metadata: { labels: { backups: 'daily' } } });
    same(
      later.warnings.map((each) => /label backups, which asks for NO backup/.test(each)),
      [true],
      'the warning for a label given later',
    );
  }),
];
