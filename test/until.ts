/**
 * Polls in tests until a condition is met. The limit is only for what hangs; it must be long enough for a busy machine.
 */

/** Asks every `everyMs` until `ready` says yes; throws with the last answer where `withinMs` pass first. */
export async function until<T>(
  ask: () => Promise<T>,
  ready: (value: T) => boolean,
  withinMs = 120_000,
  everyMs = 25,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const value = await ask();
    if (ready(value)) return value;
    if (Date.now() > deadline)
      throw new Error(`not reached within ${withinMs} ms; last: ${JSON.stringify(value).slice(0, 2_000)}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
