/**
 * Lock files that the package managers themselves wrote for the shapes.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export function lock(name: string): string {
  return readFileSync(join(__dirname, 'locks', name), 'utf8');
}
