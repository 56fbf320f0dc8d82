import { S3Failure } from './s3/failure';

/** How long a failure without words waits for one with words, in milliseconds. */
const betterWordsMs = 30;

/** `Promise.all`, but where HEAD fails with a bare status, the failure of a request beside it that says why is thrown instead. */
export async function allOrClearestFailure<T extends readonly unknown[]>(requests: T): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  try {
    return await Promise.all(requests);
  } catch (first) {
    if (!(first instanceof S3Failure) || !first.vague) throw first;
    const clear: Promise<never>[] = requests.map((request) =>
      Promise.resolve(request).then(never, (error: unknown) =>
        error instanceof S3Failure && error.vague ? never() : Promise.reject(error as Error),
      ),
    );
    const timeUp = new Promise<never>((_resolve, reject) => void setTimeout(() => reject(first), betterWordsMs));
    return await Promise.race([...clear, timeUp]);
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
