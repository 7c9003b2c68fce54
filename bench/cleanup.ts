/**
 * Removes what a bench made: servers, child processes, folders, in the opposite order of their creation.
 *
 * The list belongs to the process, so that it also works after a failure and on Ctrl-C.
 */
type Undo = () => unknown;

const undos: Undo[] = [];

/** Runs `undo` when the bench at hand ends; what it gives back runs it earlier, once. */
export function afterwards(undo: Undo): () => Promise<void> {
  undos.push(undo);
  return async () => {
    const index = undos.indexOf(undo);
    if (index === -1) return;
    undos.splice(index, 1);
    await undo();
  };
}

export async function cleanUp(): Promise<void> {
  for (let undo = undos.pop(); undo !== undefined; undo = undos.pop()) {
    try {
      await undo();
    } catch (error) {
      process.stderr.write(`clean-up: ${String(error)}\n`);
    }
  }
}

/** One way out for an interrupt and for a failure nobody caught: the rest of the list is worked off all the same. */
export function cleanUpOnSignals(): void {
  const leave = (code: number, why: string) => {
    process.stderr.write(`${why}\n`);
    void cleanUp().finally(() => process.exit(code));
  };
  process.once('SIGINT', () => leave(130, 'interrupted'));
  process.once('SIGTERM', () => leave(143, 'ended'));
  process.on('uncaughtException', (error) => {
    // A long poll that was still being repeated when its connection was closed: nobody waits for it any more.
    if (error.message === 'Channel has been shut down') return;
    leave(1, `uncaught: ${error.stack ?? String(error)}`);
  });
  process.once('unhandledRejection', (error) => leave(1, `unhandled: ${String(error)}`));
}
