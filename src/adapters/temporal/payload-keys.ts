/**
 * Reads the keys of payloads from their file: each line is `<id> <base64 of 32 bytes>`. The first key encrypts, all decrypt.
 *
 * The keys become key objects, whose bytes do not appear in logs and messages.
 */
import { createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';

export interface PayloadKey {
  id: string;
  key: KeyObject;
}

const KEY_BYTES = 32;
const ID_PATTERN = /^[A-Za-z0-9._-]{1,64}$/;

/** Reads the file; skips empty lines and lines that begin with `#`. Throws an error that names the line, but no key. */
export function readPayloadKeys(file: string): PayloadKey[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`cannot be read (${(error as NodeJS.ErrnoException).code})`, { cause: error });
  }
  const keys: PayloadKey[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    keys.push(readLine(line, { number: index + 1, earlier: keys }));
  }
  if (keys.length === 0) throw new Error('has no key; write a line "<id> <base64 of 32 bytes>"');
  return keys;
}

function readLine(line: string, { number, earlier }: { number: number; earlier: PayloadKey[] }): PayloadKey {
  const lineError = (why: string) => new Error(`is wrong in line ${number}: ${why}`);
  const [id = '', encoded = '', ...extraWords] = line.trim().split(/\s+/);
  if (!ID_PATTERN.test(id) || encoded === '' || extraWords.length > 0)
    throw lineError('it must be "<id> <base64 of 32 bytes>", the id of 1 to 64 letters, digits, ".", "_" or "-"');
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.toString('base64').replace(/=+$/, '') !== encoded.replace(/=+$/, ''))
    throw lineError(`the key ${id} is not base64`);
  if (bytes.length !== KEY_BYTES) throw lineError(`the key ${id} has ${bytes.length} bytes and must have ${KEY_BYTES}`);
  if (earlier.some((key) => key.id === id)) throw lineError(`the id ${id} is used twice`);
  return { id, key: createSecretKey(bytes) };
}
