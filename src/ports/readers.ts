/**
 * Reading foreign text beside the thread that sends heartbeats. Types only; `src/adapters/reading/readers.ts` has the real one.
 */

export interface Readers {
  /**
   * The answer of the reader of this name (`src/inspect/readers.ts`) for plain data. Throws Failure `Reading.Unfinished` where it does
   * not end in time or runs out of memory, and `Reading.TooLarge` where the input is beyond the limit; the reason of `signal` where
   * that ends it.
   */
  read(name: string, input: unknown, options: { signal?: AbortSignal | undefined }): Promise<unknown>;
  /** Ends the threads. */
  close(): Promise<void>;
}
