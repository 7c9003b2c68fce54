/**
 * Runs readers of foreign text in other threads than the one that sends heartbeats. Types only; `src/adapters/reading/readers.ts` has
 * the implementation.
 */

export interface Readers {
  /**
   * Gives the answer of the reader `name` (`src/inspect/readers.ts`) for plain data. Throws Failure `Reading.Unfinished` if the reader
   * runs out of time or memory, Failure `Reading.TooLarge` if the input is too large, and the reason of `signal` if it is aborted.
   */
  read(name: string, input: unknown, options: { signal?: AbortSignal | undefined }): Promise<unknown>;
  /** Ends the threads. */
  close(): Promise<void>;
}
