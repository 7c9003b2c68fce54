/**
 * Removes what a bench made: servers, child processes, folders, in the opposite order of their creation.
 *
 * The list belongs to the process, so that it also works after a failure and on Ctrl-C.
 */
type Undo = () => unknown;

const undos: Undo[] = [];

/** Runs `undo` when the current bench ends. The returned function runs it earlier; `undo` runs once in any case. */
export function onCleanUp(undo: Undo): () => Promise<void> {
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

/** Cleans up and exits after an interrupt, and after an error that no code caught. */
export function cleanUpOnSignals(): void {
  const exitAfterCleanUp = (code: number, why: string) => {
    process.stderr.write(`${why}\n`);
    void cleanUp().finally(() => process.exit(code));
  };
  process.once('SIGINT', () => exitAfterCleanUp(130, 'interrupted'));
  process.once('SIGTERM', () => exitAfterCleanUp(143, 'ended'));
  process.on('uncaughtException', (error) => {
    // A long poll was still being repeated when its connection was closed. No code waits for its answer.
    if (error.message === 'Channel has been shut down') return;
    exitAfterCleanUp(1, `uncaught: ${error.stack ?? String(error)}`);
  });
  process.once('unhandledRejection', (error) => exitAfterCleanUp(1, `unhandled: ${String(error)}`));
}
