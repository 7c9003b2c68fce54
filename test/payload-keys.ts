/**
 * Makes a file of payload keys for a test; the keys are random, so that no key is in the repository.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const keyLine = (id: string): string => `${id} ${randomBytes(32).toString('base64')}`;

/** Gives the path of the file, in a temporary folder of its own. */
export function writeKeys(...lines: string[]): string {
  const file = join(mkdtempSync(join(tmpdir(), 'q-test-keys-')), 'payload-keys');
  writeFileSync(file, `# keys of a test\n\n${lines.join('\n')}\n`, { mode: 0o600 });
  return file;
}
