/**
 * Reads the lock files of the shapes, which the package managers themselves wrote.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export function readLock(name: string): string {
  return readFileSync(join(__dirname, 'locks', name), 'utf8');
}
