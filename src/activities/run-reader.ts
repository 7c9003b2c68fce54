/**
 * Runs a reader of foreign text in a thread. A cancellation of the current activity ends the reader too.
 */
import { Context } from '@temporalio/activity';
import type { ReaderAnswer, ReaderInput, ReaderName } from '../inspect/readers';
import type { Deps } from './deps';

/** Gives the answer of the reader `name`. Throws Failure `Reading.Unfinished` or `Reading.TooLarge`. */
export async function runReader<N extends ReaderName>(
  { readers }: Pick<Deps, 'readers'>,
  name: N,
  input: ReaderInput<N>,
): Promise<ReaderAnswer<N>> {
  return (await readers.read(name, input, { signal: cancellation() })) as ReaderAnswer<N>;
}

/** Undefined outside of an activity, for example in tests and benches. */
function cancellation(): AbortSignal | undefined {
  try {
    return Context.current().cancellationSignal;
  } catch {
    return undefined;
  }
}
