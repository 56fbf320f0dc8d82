import { parts } from '../../lib/admission/api-server/cel';
import { type DenialId, denialNamed } from '../../lib/admission/denials';

/** Matches the message of a denial, whatever PVC and reason it names. */
export function denialPattern(id: DenialId): RegExp {
  const { problem, remedy } = denialNamed(id);
  const literal = parts(`${problem} ${remedy}`).filter((_, index) => index % 2 === 0);
  return new RegExp(literal.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)).join('.*'));
}
