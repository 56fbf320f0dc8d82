/** Largest id of a user or group in a Pod: Kubernetes refuses the mover's Pod above it, for ever. */
export const maxId = 2_147_483_647;

/**
 * Regular expression, as JavaScript, RE2 and Kyverno read it, of the ids that an annotation may have: 1 to 10 digits, at most {@link maxId}. The gate and the
 * fallback policy both match it; neither can count on a comparison of numbers where any text may stand.
 */
export const idPattern = `^(${upTo(String(maxId)).join('|')})$`;

/** Whether a number can be the id of a user or group. */
export function isId(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= maxId;
}

/** Expressions that together match every number of at most as many digits that is not above a limit. */
function upTo(limit: string): string[] {
  const smaller = [...limit].flatMap((digit, index) => {
    const rest = limit.length - index - 1;
    if (digit === '0') return [];
    const below = digit === '1' ? '0' : `[0-${Number(digit) - 1}]`;
    const others = rest === 0 ? '' : rest === 1 ? '[0-9]' : `[0-9]{${rest}}`;
    return [`${limit.slice(0, index)}${below}${others}`];
  });
  return [`[0-9]{1,${limit.length - 1}}`, ...smaller, limit];
}
