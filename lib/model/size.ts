import { InputError } from './problems';
import { quantityProblem } from './quantity';

/** Size of a volume or of a cache, as Kubernetes writes it: a number above 0 with a unit. */
export class Size {
  /**
   * @param size for example `10Gi`; a size stays what it is
   * @throws InputError that names the value and the fix
   */
  static of(size: string | Size): Size {
    if (size instanceof Size) return size;
    const problem = sizeProblem(size);
    if (problem !== undefined) throw new InputError(problem);
    return new Size(size);
  }

  private constructor(private readonly text: string) {}

  /** As it stands in a manifest. */
  toString(): string {
    return this.text;
  }
}

/** Says what is wrong with a size, or undefined. Kubernetes takes a number without a unit for bytes, which nobody means. */
function sizeProblem(size: unknown): string | undefined {
  const problem = quantityProblem(size);
  if (problem !== undefined) return problem;
  return /[KMGTPE]i$|[kMGTPE]$/.test(String(size))
    ? undefined
    : `${JSON.stringify(size)} has no unit of a size: write a number with Ki, Mi, Gi or Ti, for example 10Gi`;
}
