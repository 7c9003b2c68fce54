/**
 * What a thread of readers runs: one reading at a time, plain data in and plain data out. It has no environment and does no I/O but
 * to load grammars.
 */
import { READERS } from '../../inspect/readers';
import type { ReaderName } from '../../inspect/readers';

export interface Reading {
  name: ReaderName;
  input: unknown;
}

export function read({ name, input }: Reading): unknown {
  const reader = READERS[name] as (given: unknown) => unknown;
  return reader(input);
}
