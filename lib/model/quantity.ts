/**
 * Says what is wrong with a quantity of Kubernetes (`resource.ParseQuantity`), or undefined.
 *
 * @param value as it stands in a manifest: a text, or a number
 * @param least `positive` for what must not be 0, as a volume; `zero` otherwise
 */
export function quantityProblem(value: unknown, least: 'positive' | 'zero' = 'positive'): string | undefined {
  const want = 'write a number with Ki, Mi, Gi or Ti, for example 10Gi';
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') return `${JSON.stringify(value)} is not a size: ${want}`;
  const shown = JSON.stringify(text);
  const [, sign, number, exponent] = /^([+-]?)(\d+\.?\d*|\.\d+)(?:[KMGTPE]i|[numkMGTPE]|[eE]([+-]?\d+))?$/.exec(text) ?? [];
  if (number === undefined) return `${shown} is not a size for Kubernetes: ${want}`;
  // Kubernetes reads it into 32 bits.
  if (exponent !== undefined && Math.abs(Number(exponent)) > 2 ** 31 - 1) return `${shown} is not a size for Kubernetes: ${want}`;
  if (sign === '-' && Number(number) !== 0) return `${shown} is below 0: ${want}`;
  return least === 'positive' && Number(number) === 0 ? `${shown} is nothing: ${want}` : undefined;
}
