/**
 * Secrets are taken out of what is large in a thread: other requests are answered meanwhile. What is small is read at once.
 */
import { sizeOf } from '../domain/size-of';
import { Failure } from '../domain/failures';
import type { ReaderAnswer, ReaderInput, ReaderName } from '../inspect/readers';
import { redactedText, redactedValue } from '../inspect/readings/redacted';
import type { RedactedText } from '../inspect/readings/redacted';
import type { Redacted } from '../inspect/secrets/redact';
import type { Readers } from '../ports/readers';
import { Problem } from './problems';

/** Some 20 ms at most, even where every line looks like a secret. */
const AT_ONCE_CHARS = 32 * 1024;

export const isLarge = (value: unknown): boolean => sizeOf(value, AT_ONCE_CHARS) > AT_ONCE_CHARS;

/** `handed`: the member whose files stay as they are. A value without secrets is given back itself. */
export async function redact<T>(readers: Readers, value: T, handed?: string): Promise<Redacted<T>> {
  const order = { value, handed };
  const { changed, found } = isLarge(value) ? await readApart(readers, 'redactedValue', order) : redactedValue(order);
  return { value: changed === undefined ? value : (changed.value as T), found };
}

/** Of the texts in it, where it is JSON. */
export async function redactOf(readers: Readers, text: string): Promise<RedactedText> {
  return isLarge(text) ? readApart(readers, 'redactedText', text) : redactedText(text);
}

/** Throws Problem `Answer.Late` where the thread did not come to an end: a machine that is less busy may do it. */
export async function readApart<N extends ReaderName>(
  readers: Readers,
  name: N,
  input: ReaderInput<N>,
): Promise<ReaderAnswer<N>> {
  try {
    return (await readers.read(name, input, {})) as ReaderAnswer<N>;
  } catch (error) {
    if (error instanceof Failure && error.type === 'Reading.Unfinished')
      throw new Problem('Answer.Late', 'it could not be searched for secrets in time: try again, or make it smaller');
    throw error;
  }
}
