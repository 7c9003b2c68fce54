/**
 * Removes secrets from values and texts: large ones in a thread, so that other requests are answered meanwhile; small ones at once.
 */
import { sizeOf } from '../domain/size-of';
import { Failure } from '../domain/failures';
import type { ReaderAnswer, ReaderInput, ReaderName } from '../inspect/readers';
import { redactedText, redactedValue } from '../inspect/readings/redacted';
import type { RedactedText } from '../inspect/readings/redacted';
import type { Redacted } from '../inspect/secrets/redact';
import type { Readers } from '../ports/readers';
import { Problem } from './problems';

/** Takes about 20 ms at most, even if every line looks like a secret. */
const SYNC_LIMIT_CHARS = 32 * 1024;

export const isLarge = (value: unknown): boolean => sizeOf(value, SYNC_LIMIT_CHARS) > SYNC_LIMIT_CHARS;

/** Removes secrets from a value. `handed`: the member whose files stay as they are. A value without secrets is returned itself. */
export async function redact<T>(readers: Readers, value: T, handed?: string): Promise<Redacted<T>> {
  const input = { value, handed };
  const { changed, found } = isLarge(value)
    ? await readInThread(readers, 'redactedValue', input)
    : redactedValue(input);
  return { value: changed === undefined ? value : (changed.value as T), found };
}

/** Removes secrets from a text; if it is JSON, from the texts in it only, so that it stays valid. */
export async function redactContent(readers: Readers, text: string): Promise<RedactedText> {
  return isLarge(text) ? readInThread(readers, 'redactedText', text) : redactedText(text);
}

/** Calls a reader in a thread. Throws Problem `Answer.Late` if it took too long, which a less busy machine may not. */
export async function readInThread<N extends ReaderName>(
  readers: Readers,
  name: N,
  input: ReaderInput<N>,
): Promise<ReaderAnswer<N>> {
  try {
    return (await readers.read(name, input, {})) as ReaderAnswer<N>;
  } catch (error) {
    if (error instanceof Failure && error.type === 'Reading.Unfinished')
      throw new Problem(
        'Answer.Late',
        'the content could not be searched for secrets in time: try again, or make it smaller',
      );
    throw error;
  }
}
