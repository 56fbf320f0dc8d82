const units: Readonly<Record<string, number>> = {
  '': 1,
  ...Object.fromEntries(['k', 'M', 'G', 'T', 'P', 'E'].map((unit, power) => [unit, 1000 ** (power + 1)])),
  ...Object.fromEntries(['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'].map((unit, power) => [unit, 1024 ** (power + 1)])),
  m: 1 / 1000,
};

/** Bytes of a Kubernetes quantity; parts of a byte count as one. @throws Error for what is none */
export function bytesOf(quantity: string): number {
  const [, number, unit = ''] = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)([a-zA-Z]*)$/.exec(quantity) ?? [];
  const factor = units[unit];
  if (number === undefined || factor === undefined) throw new Error(`"${quantity}" is not a quantity, for example 500M or 1.1Gi`);
  return Math.ceil(Number((Number(number) * factor).toFixed(3)));
}

/** A number of bytes as a driver writes it. */
export function quantityOf(bytes: number): string {
  const unit = ['Gi', 'Mi', 'Ki'].find((each) => bytes % (units[each] ?? 1) === 0) ?? '';
  return `${bytes / (units[unit] ?? 1)}${unit}`;
}
