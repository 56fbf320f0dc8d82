/** Something in the input that a person must change; the message says what, where and how. Printed without a stack. */
export class InputError extends Error {
  override readonly name: string = 'InputError';
}

/** Makes something from input, and says in front of a refusal where the input stands. */
export function placed<T>(place: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${place}: ${error.message}`) : error;
  }
}

/** Several of them, listed together, so that nobody mends them one by one. */
export class ProblemsError extends InputError {
  override readonly name = 'ProblemsError';

  constructor(
    /** What could not be done. */
    readonly summary: string,
    /** One line each: place, value, fix. */
    readonly problems: readonly string[],
  ) {
    super(`${summary}\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}
