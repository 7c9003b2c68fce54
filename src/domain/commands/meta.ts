/**
 * The members that every wire command may have besides its own fields, such as its idempotency key and the expected revision.
 */
import type { BuildState, SeenCommand } from '../build/state';
import { isObject } from '../json';
import { readAs, unreadable } from './fields';
import type { Reading } from './fields';
import { fingerprint } from './fingerprint';

/** Members that the sender of any command may set. */
export const CALLER_MEMBERS = ['expected_revision'] as const;
/** Members that only the API may set, from the headers of the request. */
export const API_MEMBERS = ['actor', 'remark', 'idempotency_key', 'body_digest'] as const;

/** Number of answered commands that the state keeps, so that a repeated command gets its first answer, also after continue-as-new. */
const MAX_REMEMBERED_COMMANDS = 200;

interface CommandMeta {
  key: string | null;
  digest: string;
  expectedRevision: number | null;
  /** The sender's `X-Actor` header next to its token; absent without that header. */
  remark?: string;
}

export function rememberAnswer(build: BuildState, key: string, seen: SeenCommand): BuildState {
  return {
    ...build,
    seen: Object.fromEntries([...Object.entries(build.seen), [key, seen]].slice(-MAX_REMEMBERED_COMMANDS)),
  };
}

export function readMeta(name: string, wire: unknown): Reading<CommandMeta> {
  const meta = isObject(wire) ? wire : {};
  const { remark } = meta;
  const { idempotency_key: key = null, body_digest: digest = null, expected_revision: revision = null } = meta;
  if (key !== null && (typeof key !== 'string' || key.length === 0 || key.length > 200)) {
    return unreadable('idempotency_key', 'must be 1 to 200 characters of text, or absent');
  }
  if (digest !== null && (typeof digest !== 'string' || digest.length > 200)) {
    return unreadable('body_digest', 'must be up to 200 characters of text, or absent');
  }
  if (!isRevision(revision)) {
    return unreadable('expected_revision', 'must be a whole number from 0 on, or absent');
  }
  if (remark !== undefined && (typeof remark !== 'string' || remark.length === 0 || remark.length > 200)) {
    return unreadable('remark', 'must be 1 to 200 characters of text, or absent');
  }
  return readAs({
    ...(remark === undefined ? {} : { remark }),
    // The prefix keeps keys that look like numbers in insertion order.
    key: key === null ? null : `key:${key}`,
    // A sender that gives no digest (a signal, the CLI) is identified by a fingerprint of the message.
    digest: digest ?? (key === null ? '' : fingerprint(JSON.stringify([name, wire]))),
    expectedRevision: revision,
  });
}

function isRevision(value: unknown): value is number | null {
  return value === null || (Number.isSafeInteger(value) && Number(value) >= 0);
}
