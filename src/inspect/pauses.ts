/**
 * Yields to the event loop during long reading, so that heartbeats and other work are not delayed.
 */
const MAX_BUSY_MS = 50;

/** Call the returned function between files or nodes and await its result: it pauses if 50 ms have passed since the last pause. */
export function createPauses(): () => Promise<void> | undefined {
  let last = performance.now();
  const pause = async (): Promise<void> => {
    await new Promise<void>((resolve) => setImmediate(resolve));
    last = performance.now();
  };
  return () => (performance.now() - last < MAX_BUSY_MS ? undefined : pause());
}
