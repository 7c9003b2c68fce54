/**
 * What a wire command carries beside its own fields: the key under which it may be repeated, and the revision it was decided on.
 */
import type { BuildState, SeenCommand } from '../build/state';
import type { CommandName, Unreadable } from './index';
import { fingerprint } from './fingerprint';

/** Kept so that a repeated command finds its first answer, across continue-as-new too. */
const SEEN_LIMIT = 200;

export interface CommandMeta {
  key: string | null;
  digest: string;
  expectedRevision: number | null;
}

export function remember(build: BuildState, key: string, seen: SeenCommand): BuildState {
  return { ...build, seen: Object.fromEntries([...Object.entries(build.seen), [key, seen]].slice(-SEEN_LIMIT)) };
}

export function readMeta(name: CommandName, wire: unknown): CommandMeta | Unreadable {
  const meta = (typeof wire === 'object' && wire !== null ? wire : {}) as Record<string, unknown>;
  const { idempotency_key: key = null, body_digest: digest = null, expected_revision: revision = null } = meta;
  if (key !== null && (typeof key !== 'string' || key.length === 0 || key.length > 200)) {
    return { field: 'idempotency_key', message: 'must be 1 to 200 characters of text, or absent' };
  }
  if (digest !== null && (typeof digest !== 'string' || digest.length > 200)) {
    return { field: 'body_digest', message: 'must be up to 200 characters of text, or absent' };
  }
  if (revision !== null && !Number.isInteger(revision)) {
    return { field: 'expected_revision', message: 'must be a whole number, or absent' };
  }
  return {
    // The prefix keeps number-like keys in the order they came.
    key: key === null ? null : `key:${key}`,
    // Whoever names no digest (a signal, the CLI) is held to what the message says.
    digest: digest ?? (key === null ? '' : fingerprint(JSON.stringify([name, wire]))),
    expectedRevision: revision as number | null,
  };
}
