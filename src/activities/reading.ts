/**
 * One reading of foreign text in a thread, for the activity that runs here: it ends with the activity.
 */
import { Context } from '@temporalio/activity';
import type { ReaderAnswer, ReaderInput, ReaderName } from '../inspect/readers';
import type { Deps } from './deps';

/** Throws Failure `Reading.Unfinished` or `Reading.TooLarge`. */
export async function reading<N extends ReaderName>(
  { readers }: Pick<Deps, 'readers'>,
  name: N,
  input: ReaderInput<N>,
): Promise<ReaderAnswer<N>> {
  return (await readers.read(name, input, { signal: cancellation() })) as ReaderAnswer<N>;
}

/** Undefined outside of an activity, as in tests and benches. */
function cancellation(): AbortSignal | undefined {
  try {
    return Context.current().cancellationSignal;
  } catch {
    return undefined;
  }
}
