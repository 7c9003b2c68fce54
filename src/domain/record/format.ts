/**
 * The format of a build's record: a file of entries in which each contains the hash of the entry before it.
 *
 * Bodies are unchanged domain values. Content is named by its digest and embedded once, in `contents`.
 */
import type { JsonObject } from '../json';

export const RECORD_FORMAT = 'q-orchestrator.record';
export const RECORD_VERSION = 1;
/** The `prev` hash of the first entry. */
export const FIRST_PREV = '0'.repeat(64);

/**
 * A record has one `build` first and one `state` last. Between them are the timeline, the evidence pages (not in older records),
 * the artifacts, and the redactions.
 */
export const ENTRY_KINDS = [
  'build',
  'event',
  'handoff',
  'call',
  'evidence',
  'approval',
  'page',
  'artifact',
  'redaction',
  'state',
] as const;
type EntryKind = (typeof ENTRY_KINDS)[number];
export type Body = JsonObject;

export interface Draft {
  kind: EntryKind;
  /** ISO 8601. */
  at: string;
  body: Body;
}
export interface Entry extends Draft {
  index: number;
  /** Hash of the previous entry, 64 hex digits. */
  prev: string;
  /** sha256 over the canonical JSON of {index, kind, at, body, prev}. */
  hash: string;
}

export interface Content {
  encoding: 'utf8' | 'base64';
  content: string;
}
/** Why a content is not embedded; its digest and size still are. */
type Omission = 'too_large' | 'missing' | 'damaged';
export interface ArtifactBody extends Body {
  digest: string;
  /** Null if the content could not be read. */
  bytes: number | null;
  /** Null: the content is embedded. */
  omitted: Omission | null;
}

export interface Head {
  count: number;
  last_hash: string;
}
export interface Signature {
  algorithm: 'ed25519';
  /** SubjectPublicKeyInfo, DER in base64. */
  public_key: string;
  /** Signature of the canonical JSON of {format, version, head}, in base64. */
  signature: string;
}
export interface BuildRecord {
  format: typeof RECORD_FORMAT;
  version: typeof RECORD_VERSION;
  head: Head;
  signature: Signature | null;
  entries: Entry[];
  contents: Record<string, Content>;
}

/** Hash functions, passed in because `domain` has no crypto. All hashes are in hex. */
export interface Hashing {
  sha256(text: string): string;
  /** Hashes and counts the bytes that a content encodes. */
  measure(content: Content): { sha256: string; bytes: number };
}

/** One problem and its place. */
export interface Flaw {
  /** E.g. `entry 12 (handoff)`, `head`, `contents`. */
  where: string;
  /** The path inside that place, e.g. `body.counts.passed`; null for the place as a whole. */
  field: string | null;
  message: string;
}

/** The signed part of a record: the head covers each entry by the hash chain, and the entries cover each content by digest. */
export function signedPart(head: Head): object {
  return { format: RECORD_FORMAT, version: RECORD_VERSION, head };
}

export function placeOf({ index, kind }: Pick<Entry, 'index' | 'kind'>): string {
  return `entry ${index} (${kind})`;
}
