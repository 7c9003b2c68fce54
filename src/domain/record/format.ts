/**
 * The record of a build as one file: entries in order, each holding on to the one before it by its hash.
 *
 * Bodies are the domain's own values, unchanged. Content is named by its digest and embedded once, in `contents`.
 */
import type { JsonObject } from '../json';

export const RECORD_FORMAT = 'q-orchestrator.record';
export const RECORD_VERSION = 1;
/** What the first entry holds on to. */
export const BEFORE_ALL = '0'.repeat(64);

/**
 * In a record: one `build` first, one `state` last; between them the timeline, the pages of the evidence (none in older records), the
 * artifacts, and what was redacted.
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
  /** Hash of the entry before, 64 hex digits. */
  prev: string;
  /** sha256 over the canonical JSON of {index, kind, at, body, prev}. */
  hash: string;
}

export interface Content {
  encoding: 'utf8' | 'base64';
  content: string;
}
/** Why a content is not in the file; its digest and size are. */
type Omission = 'too_large' | 'missing' | 'damaged';
export interface ArtifactBody extends Body {
  digest: string;
  /** Null where the content could not be read. */
  bytes: number | null;
  /** Null: it is embedded. */
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
  /** Over the canonical JSON of {format, version, head}, in base64. */
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

/** Hashing comes from outside: this room has no crypto. All in hex. */
export interface Hashing {
  sha256(text: string): string;
  /** Of the bytes that a content stands for. */
  measure(content: Content): { sha256: string; bytes: number };
}

/** One thing that is wrong, and where. */
export interface Flaw {
  /** E.g. `entry 12 (handoff)`, `head`, `contents`. */
  where: string;
  /** Path inside of it, e.g. `body.counts.passed`; null where the whole of it is meant. */
  field: string | null;
  message: string;
}

/** The part of a record that is signed: through the head it covers every entry, and through digests every content. */
export function signedPart(head: Head): object {
  return { format: RECORD_FORMAT, version: RECORD_VERSION, head };
}

export function placeOf({ index, kind }: Pick<Entry, 'index' | 'kind'>): string {
  return `entry ${index} (${kind})`;
}
