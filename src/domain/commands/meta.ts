/**
 * What a wire command carries beside its own fields: the key under which it may be repeated, and the revision it was decided on.
 */
import type { BuildState, SeenCommand } from '../build/state';
import { isObject } from '../json';
import { readAs, unreadable } from './fields';
import type { Reading } from './fields';
import { fingerprint } from './fingerprint';

/** Members that every command takes from its sender. */
export const CALLER_MEMBERS = ['expected_revision'] as const;
/** Members that the API takes from the headers of a request, and adds to the body. */
export const API_MEMBERS = ['actor', 'remark', 'idempotency_key', 'body_digest'] as const;

/** Kept so that a repeated command finds its first answer, across continue-as-new too. */
const SEEN_LIMIT = 200;

interface CommandMeta {
  key: string | null;
  digest: string;
  expectedRevision: number | null;
  /** What the sender said beside the name of its token; absent where that is nothing. */
  remark?: string;
}

export function remember(build: BuildState, key: string, seen: SeenCommand): BuildState {
  return { ...build, seen: Object.fromEntries([...Object.entries(build.seen), [key, seen]].slice(-SEEN_LIMIT)) };
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
    // The prefix keeps number-like keys in the order they came.
    key: key === null ? null : `key:${key}`,
    // A sender that names no digest (a signal, the CLI) is held to what the message says.
    digest: digest ?? (key === null ? '' : fingerprint(JSON.stringify([name, wire]))),
    expectedRevision: revision,
  });
}

function isRevision(value: unknown): value is number | null {
  return value === null || (Number.isSafeInteger(value) && Number(value) >= 0);
}
