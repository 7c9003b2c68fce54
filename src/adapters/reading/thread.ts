/**
 * The module that a reader thread runs: it calls one reader at a time, with plain data in and out. Its environment is empty, and
 * its only I/O is to load grammars.
 */
import { READERS } from '../../inspect/readers';
import type { ReaderName } from '../../inspect/readers';

export interface Reading {
  name: ReaderName;
  input: unknown;
}

export function read({ name, input }: Reading): unknown {
  const reader = READERS[name] as (input: unknown) => unknown;
  return reader(input);
}
