/**
 * The body of `check`: the members of a start request that decide how a repository is read, set up and tested.
 */
import type { z } from 'zod';
import { canonicalJson } from '../domain/canonical';
import { Failure } from '../domain/failures';
import { startSchema } from './start-request';

export const checkSchema = startSchema
  .pick({ repository: true, commands: true, workdir: true })
  .required({ repository: true });
export type CheckBody = z.output<typeof checkSchema>;

/** Writes the request. Equal requests have equal texts, and so equal digests. */
export function writeCheckRequest(body: CheckBody): string {
  return canonicalJson(body);
}

/** Reads a stored request. Throws Failure `Request.Unreadable`. */
export function readCheckRequest(json: string, digest: string): CheckBody {
  const { success, data, error } = checkSchema.safeParse(JSON.parse(json));
  if (success) return data;
  const [issue] = error.issues;
  const message = `the check request ${digest} cannot be read: ${issue?.path.join('.')} ${issue?.message}`;
  throw new Failure('Request.Unreadable', message.slice(0, 1_000));
}
