/**
 * Runs readers in the thread of the test. Inputs and outputs are cloned, as they are on the way to a thread.
 */
import type { Readers } from '../src/ports/readers';
import { READERS } from '../src/inspect/readers';
import type { ReaderName } from '../src/inspect/readers';

export const readersHere: Readers = {
  async read(name, input) {
    const reader = READERS[name as ReaderName] as (given: unknown) => unknown;
    return structuredClone(await reader(structuredClone(input)));
  },
  close: () => Promise.resolve(),
};
