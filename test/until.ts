/**
 * Polls in tests until a condition is met. The limit is for a program that hangs; it must be long enough for a busy machine.
 */

/** Asks every `everyMs` until `isReady` accepts the answer; throws an error with the last answer after `withinMs`. */
export async function until<T>(
  ask: () => Promise<T>,
  isReady: (value: T) => boolean,
  withinMs = 120_000,
  everyMs = 25,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const value = await ask();
    if (isReady(value)) return value;
    if (Date.now() > deadline)
      throw new Error(
        `the condition was not met within ${withinMs} ms; last answer: ${JSON.stringify(value).slice(0, 2_000)}`,
      );
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
