/**
 * Reads the sender and the idempotency key of a command from its headers.
 */
import type { Request } from 'express';
import type { Sender } from '../domain/build/sender';
import { sha256 } from '../inspect/digest';
import { redactText } from '../inspect/secrets/redact';
import { callerOf } from './access/callers';
import { malformed } from './problems';

const PRINTABLE = /^[\x20-\x7e]{1,200}$/;

/** Gives the token's name, with `X-Actor` as a remark. Where the API needs no tokens: `X-Actor` as the name, or `anonymous`. */
export function senderIn(req: Request): Sender {
  const header = readHeader(req, 'X-Actor');
  const givenActor = header === null ? null : redactText(header).text;
  const { name } = callerOf(req);
  if (name === null) return { actor: givenActor ?? 'anonymous' };
  return { actor: name, ...(givenActor === null ? {} : { remark: givenActor }) };
}

/** The key becomes part of an update id, which Temporal does not encrypt: a key that looks like a secret is replaced by its digest. */
export function keyIn(req: Request): string | null {
  const key = readHeader(req, 'Idempotency-Key');
  return key !== null && redactText(key).kinds.length > 0 ? sha256(key) : key;
}

function readHeader(req: Request, name: string): string | null {
  const value = req.get(name)?.trim();
  if (value === undefined) return null;
  if (PRINTABLE.test(value)) return value;
  throw malformed(name, 'must be 1 to 200 printable ASCII characters');
}
