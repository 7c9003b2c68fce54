/**
 * sha256 of a text or of bytes. A digest says something about a content and reads nothing but it, so it belongs to this room:
 * the domain runs inside workflows, which have no crypto, and the API and the adapters may not import one another.
 */
import { createHash } from 'node:crypto';
import { digestOfHex } from '../domain/ids';

/** 64 hex digits. */
export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** `sha256:` and 64 hex digits: the name of the content in the artifact store. */
export function digestOf(content: string | Uint8Array): string {
  return digestOfHex(sha256(content));
}
