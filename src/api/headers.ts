/**
 * Who asks, and under which key: the two headers that go with every command.
 */
import type { Request } from 'express';
import type { Sender } from '../domain/build/sender';
import { sha256 } from '../inspect/digest';
import { redactText } from '../inspect/secrets/redact';
import { callerOf } from './access/callers';
import { malformed } from './problems';

const PRINTABLE = /^[\x20-\x7e]{1,200}$/;

/** The name of the token, and `X-Actor` as its remark; where nobody is asked who they are, `X-Actor` alone, or `anonymous`. */
export function senderIn(req: Request): Sender {
  const given = readHeader(req, 'X-Actor');
  const said = given === null ? null : redactText(given).text;
  const { name } = callerOf(req);
  if (name === null) return { actor: said ?? 'anonymous' };
  return { actor: name, ...(said === null ? {} : { remark: said }) };
}

/** Temporal never encrypts ids, of which the key becomes one: a key that looks like a secret is known by its digest. */
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
