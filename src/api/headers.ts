/**
 * Who asks, and under which key: the two headers that go with every command.
 */
import type { Request } from 'express';
import { malformed } from './problems';

const PRINTABLE = /^[\x20-\x7e]{1,200}$/;

/** `anonymous` where nobody says who they are. */
export function actorIn(req: Request): string {
  return readHeader(req, 'X-Actor') ?? 'anonymous';
}

export function keyIn(req: Request): string | null {
  return readHeader(req, 'Idempotency-Key');
}

function readHeader(req: Request, name: string): string | null {
  const value = req.get(name)?.trim();
  if (value === undefined) return null;
  if (PRINTABLE.test(value)) return value;
  throw malformed(name, 'must be 1 to 200 printable ASCII characters');
}
