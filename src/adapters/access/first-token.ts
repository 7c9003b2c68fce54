/**
 * Reads the operator's first admin token: the first line of the file that TOKEN_FILE names. A changed file is read again.
 */
import { readFile } from 'node:fs/promises';
import { createChangeReader } from '../machine/change-reader';

export const FIRST_TOKEN_CHARS = 32;

/** Returns undefined if the first line is no token: it is too short or too long, or a header cannot carry its characters. */
export function firstTokenOf(text: string): string | undefined {
  const [line = ''] = text.split('\n');
  const token = line.trim();
  return token.length >= FIRST_TOKEN_CHARS && /^[\x21-\x7e]{1,4096}$/.test(token) ? token : undefined;
}

/** Calls `warn` once for each change that leaves the file without a token. From then on the earlier token is refused, too. */
export function createFirstTokenReader(file: string, warn: (line: string) => void): () => Promise<string | undefined> {
  return createChangeReader(file, async () => {
    const token = await readFile(file, 'utf8').then(firstTokenOf, () => undefined);
    if (token === undefined)
      warn(`the file of TOKEN_FILE has no token of ${FIRST_TOKEN_CHARS} or more characters any more: none is taken`);
    return token;
  });
}
