/**
 * Lets the event loop run while much is read, so that heartbeats and other work are not held up.
 */
const LONGEST_MS = 50;

/** To be asked between two files or nodes: what it gives is to be awaited, and is there once 50 ms have gone by since the last. */
export function createPauses(): () => Promise<void> | undefined {
  let last = performance.now();
  const pause = async (): Promise<void> => {
    await new Promise<void>((resolve) => setImmediate(resolve));
    last = performance.now();
  };
  return () => (performance.now() - last < LONGEST_MS ? undefined : pause());
}
