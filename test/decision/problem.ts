import { homelab } from '../../examples/homelab/site';
import type { DenialId } from '../../lib/admission/denials';
import { settledDecisions } from '../../lib/model/decision';
import { annotation, backupLabel, undecidedSourceName } from '../../lib/model/naming';
import { denialPattern } from '../support/denial-pattern';
import type { Tree } from '../../verify/tree';
import { play } from './play';
import { relabel, type World } from './relabel';
import type { Row } from './row';

/** What of a row's outcome is wrong, or undefined where it is as the row says. */
export function problemOfRow(tree: Tree, row: Row): string | undefined {
  try {
    const { asked, object, refused = 'unmatched' } = play(tree, row);
    const { annotations = {} } = object.metadata;
    if (asked !== (row.decision !== undefined)) return `Kyverno is ${asked ? '' : 'not '}asked`;
    if (asked && (annotations[annotation.decision] ?? 'none') !== row.decision) return `the decision is ${annotations[annotation.decision]}`;
    if (row.reason !== undefined && !row.reason.test(annotations[annotation.reason])) return `the reason is ${annotations[annotation.reason]}`;
    if (refused === 'unmatched' || row.refused === 'unmatched') return refused === row.refused ? undefined : `it is refused with ${refused}`;
    const wanted = row.refused.map((id) => denialPattern(id));
    if (refused.length !== wanted.length || wanted.some((pattern, index) => !pattern.test(refused[index]!)))
      return `it is refused with ${refused.join('; ') || 'nothing'}`;
    return sourceProblem(row, asked, object);
  } catch (error) {
    return `it can't be evaluated: ${(error as Error).message}`;
  }
}

/** A PVC is filled from the restore that the gate decided, one that may not be created would wait for nobody's, and what a person wrote stays. */
function sourceProblem(
  row: Row,
  asked: boolean,
  { metadata, spec }: { metadata: Row['object']['metadata']; spec: Row['object']['spec'] },
): string | undefined {
  const { apiGroup, kind, name = '' } = (spec['dataSourceRef'] ?? {}) as Source;
  // Of this creation: the populator would take the image of an earlier one.
  const isOwn = new RegExp(`^${metadata.name.replaceAll('.', '[.]')}-restore-[a-z0-9]{8}$`).test(name);
  const isRestored = `${apiGroup}/${kind}` === 'volsync.backube/ReplicationDestination' && isOwn;
  if (asked && row.refused.length === 0 && row.decision !== 'exists' && isRestored !== (row.decision === 'restore'))
    return `it is ${isRestored ? '' : 'not '}restored`;
  const waits = name === undecidedSourceName({ ...metadata, name: row.object.metadata.name ?? '' });
  if (waits !== isHeld(row) && (isHeld(row) || row.refused.length === 0))
    return `it ${waits ? 'waits' : 'does not wait'} for the restore that nobody makes`;
  const isKept = (['dataSource', 'dataSourceRef'] as const).every((field) => JSON.stringify(spec[field]) === JSON.stringify(row.object.spec[field]));
  return hasSourceOfItsOwn(row) && !isKept ? 'the source that it has of its own is replaced' : undefined;
}

interface Source {
  readonly apiGroup?: string;
  readonly kind?: string;
  readonly name?: string;
}

/** What fills it is no restore of its name. */
function hasSourceOfItsOwn({ object: { metadata, spec } }: Row): boolean {
  const sources = [spec['dataSource'], spec['dataSourceRef']].filter((source): source is Source => source !== undefined);
  return sources.some(
    ({ apiGroup, kind, name }) =>
      apiGroup !== 'volsync.backube' || kind !== 'ReplicationDestination' || name?.startsWith(`${metadata.name}-restore-`) !== true,
  );
}

/** Points to a restore that nobody makes, in case that the policy that refuses is gone. */
function isHeld(row: Row): boolean {
  if (row.decision === undefined || (settledDecisions as readonly string[]).includes(row.decision) || hasSourceOfItsOwn(row)) return false;
  // In a doubt about a label of no tier, another program's may be meant.
  return !['unknown', 'none'].includes(row.decision) || homelab.tiers.some(({ label }) => label === row.object.metadata.labels?.[backupLabel]);
}

/** A row about a tier, for each of them. */
export function withEachTier(row: Row): Row[] {
  const labels = row.object.metadata.labels ?? {};
  const tiers = homelab.tiers.map(({ label }) => label as string);
  if (!tiers.includes(labels[backupLabel] ?? '')) return [row];
  return tiers.map((tier) => ({
    ...row,
    object: { ...row.object, metadata: { ...row.object.metadata, labels: { ...labels, [backupLabel]: tier } } },
  }));
}

/** The same for a label that comes later. */
export function problemOfRelabel(tree: Tree, world: World, denial: DenialId | undefined): string | undefined {
  try {
    const { object, refused, questions } = relabel(tree, world);
    const isRight = denial === undefined ? refused.length === 0 : refused[0] !== undefined && denialPattern(denial).test(refused[0]);
    if (!isRight) return `it is refused with ${refused[0] ?? 'nothing'}`;
    const { [annotation.reason]: reason, [annotation.decision]: decision } = object.metadata.annotations;
    if (world.decision !== undefined && world.decision !== decision) return `the decision is ${decision}`;
    if (world.reason !== undefined && !world.reason.test(reason)) return `the reason is ${reason}`;
    return world.questions === undefined || world.questions === questions ? undefined : `pvc-plumber is asked ${questions} times`;
  } catch (error) {
    return `it can't be evaluated: ${(error as Error).message}`;
  }
}
