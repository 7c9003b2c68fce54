/**
 * Computes the sha256 of a text or of bytes.
 *
 * This cannot be in `domain`, which runs inside workflows without `node:crypto`. The API and the adapters both need it, and neither
 * may import the other.
 */
import { createHash } from 'node:crypto';
import { digestOfHex } from '../domain/ids';

/** Returns 64 hex digits. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Returns `sha256:` and 64 hex digits, the name of the content in the artifact store. */
export function digestOf(content: string | Uint8Array): string {
  return digestOfHex(sha256(content));
}
