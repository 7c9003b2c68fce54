/**
 * The digest of a text.
 */
import { createHash } from 'node:crypto';

/** 64 hex digits. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
