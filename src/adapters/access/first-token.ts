/**
 * The first admin token, given by the operator in a file (`TOKEN_FILE`): its first line, read again where the file was changed.
 */
import { readFile } from 'node:fs/promises';
import { createChangeReader } from '../machine/change-reader';

export const FIRST_TOKEN_CHARS = 32;

/** Undefined where the first line is no token: too short, or with characters that no header can carry. */
export function firstTokenOf(text: string): string | undefined {
  const [line = ''] = text.split('\n');
  const token = line.trim();
  return token.length >= FIRST_TOKEN_CHARS && /^[\x21-\x7e]{1,4096}$/.test(token) ? token : undefined;
}

/** `warn` hears, once a change, of a file that holds no token any more: then this token counts no more either. */
export function createFirstTokenReader(file: string, warn: (line: string) => void): () => Promise<string | undefined> {
  return createChangeReader(file, async () => {
    const token = await readFile(file, 'utf8').then(firstTokenOf, () => undefined);
    if (token === undefined)
      warn(`the file of TOKEN_FILE has no token of ${FIRST_TOKEN_CHARS} or more characters any more: none is taken`);
    return token;
  });
}
