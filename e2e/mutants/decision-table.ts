import { homelab } from '../../examples/homelab/site';
import type { DenialId } from '../../lib/admission/denials';
import { settledDecisions } from '../../lib/model/decision';
import { annotation, backupLabel, undecidedSourceName } from '../../lib/model/naming';
import { backstopPolicy, gatePolicy, otherLabelPolicy, relabelPolicy } from '../../lib/model/policy-names';
import { play } from '../../test/decision/play';
import { relabel, relabelRows, type World } from '../../test/decision/relabel-rows';
import { type Row, rows } from '../../test/decision/rows';
import { denialPattern } from '../../test/support/denial-pattern';
import { Tree } from '../../verify/tree';
import type { KubeObject } from '../harness/api';

let example: Tree | undefined;

/**
 * The row of the decision table that notices a mutant, as `npm test` plays it: in milliseconds, where a real Kyverno takes half a minute for all rows.
 * Undefined for a policy that the table is not about, and where every row ends as it must.
 */
export function killedByTable(mutated: KubeObject): string | undefined {
  if (![gatePolicy, backstopPolicy, otherLabelPolicy, relabelPolicy].includes(mutated.metadata.name)) return undefined;
  example ??= Tree.of(homelab);
  const isIt = ({ kind, metadata }: KubeObject): boolean => kind === mutated.kind && metadata.name === mutated.metadata.name;
  const tree = new Tree(example.entries.map((entry) => (isIt(entry.object as KubeObject) ? { ...entry, object: mutated } : entry)));
  for (const row of rows.flatMap(withEachTier)) {
    const problem = problemOf(tree, row);
    if (problem !== undefined) return `decision table: ${row.name}: ${problem}`;
  }
  for (const [name, world, denial] of mutated.metadata.name === relabelPolicy ? relabelRows : []) {
    const problem = relabelProblem(tree, world, denial);
    if (problem !== undefined) return `labels that come later: ${name}: ${problem}`;
  }
  return undefined;
}

function relabelProblem(tree: Tree, world: World, denial: DenialId | undefined): string | undefined {
  try {
    const [refused] = relabel(tree, world).refused;
    const isRight = denial === undefined ? refused === undefined : refused !== undefined && denialPattern(denial).test(refused);
    return isRight ? undefined : `it is refused with ${refused ?? 'nothing'}`;
  } catch (error) {
    return `it can't be evaluated: ${(error as Error).message}`;
  }
}

/** A row about a tier, for each of them. */
function withEachTier(row: Row): Row[] {
  const labels = row.object.metadata.labels ?? {};
  const tiers = homelab.tiers.map(({ label }) => label as string);
  if (!tiers.includes(labels[backupLabel] ?? '')) return [row];
  return tiers.map((tier) => ({
    ...row,
    object: { ...row.object, metadata: { ...row.object.metadata, labels: { ...labels, [backupLabel]: tier } } },
  }));
}

/** Points to a restore that nobody makes, in case that the policy that refuses is gone. One with a source of its own keeps it. */
function isHeld({ decision, object: { metadata, spec } }: Row): boolean {
  if (decision === undefined || (settledDecisions as readonly string[]).includes(decision)) return false;
  const source = spec['dataSourceRef'] as { kind?: string; name?: string } | undefined;
  const isOwn = source === undefined || (source.kind === 'ReplicationDestination' && source.name?.startsWith(`${metadata.name}-restore-`) === true);
  // In a doubt about a label of no tier, another program's may be meant.
  return isOwn && (decision !== 'unknown' || homelab.tiers.some(({ label }) => label === metadata.labels?.[backupLabel]));
}

function problemOf(tree: Tree, row: Row): string | undefined {
  try {
    const { asked, object, refused = 'unmatched' } = play(tree, row);
    const { annotations = {}, name } = object.metadata;
    if (asked !== (row.decision !== undefined)) return `Kyverno is ${asked ? '' : 'not '}asked`;
    if (asked && annotations[annotation.decision] !== row.decision) return `the decision is ${annotations[annotation.decision]}`;
    if (refused === 'unmatched' || row.refused === 'unmatched') return refused === row.refused ? undefined : `it is refused with ${refused}`;
    const wanted = row.refused.map((id) => denialPattern(id));
    if (refused.length !== wanted.length || wanted.some((pattern, index) => !pattern.test(refused[index]!)))
      return `it is refused with ${refused.join('; ') || 'nothing'}`;
    const { apiGroup, kind, name: source } = object.spec.dataSourceRef ?? {};
    const isRestored = `${apiGroup}/${kind}` === 'volsync.backube/ReplicationDestination' && source.startsWith(`${name}-restore-`);
    if (asked && refused.length === 0 && row.decision !== 'exists' && isRestored !== (row.decision === 'restore'))
      return `it is ${isRestored ? '' : 'not '}restored`;
    if (isHeld(row) && object.spec.dataSourceRef?.name !== undecidedSourceName(object.metadata))
      return 'it does not wait for the restore that nobody makes';
    return undefined;
  } catch (error) {
    return `it can't be evaluated: ${(error as Error).message}`;
  }
}
