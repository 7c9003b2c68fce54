/**
 * Redactions: entries that say which contents and texts were removed from a record later, when, by whom and why. They must be signed.
 */
import { isDigest } from '../ids';
import { isObject } from '../json';
import { placeOf } from './format';
import type { Body, Entry, Flaw } from './format';

/** A redacted content, which replaces the content with this digest. */
export interface RedactedContent extends Body {
  digest: string;
  redactedDigest: string;
  redactedBytes: number;
}

/** The body of a `redaction` entry. */
export interface Redaction extends Body {
  by: string;
  /** ISO 8601. */
  at: string;
  reason: string;
  /** The places in other entries where text was removed, e.g. `event 3 body.data.reason`. */
  places: string[];
  contents: RedactedContent[];
}

/** Maps the digest of each redacted content to its replacement; the latest redaction counts. */
export function redactedContents(entries: readonly Entry[]): Map<string, RedactedContent> {
  return new Map(redactionsIn(entries).flatMap(({ contents }) => contents.map((one) => [one.digest, one] as const)));
}

export function redactionsIn(entries: readonly Entry[]): Redaction[] {
  return entries.flatMap(({ kind, body }) => (kind === 'redaction' && isRedaction(body) ? [body] : []));
}

/** A redaction is valid only in a signed record; otherwise anyone could add one. */
export function checkRedactions(entries: readonly Entry[], signedBy: string | null): Flaw[] {
  const redactionEntries = entries.filter(({ kind }) => kind === 'redaction');
  const malformed = redactionEntries.filter(({ body }) => !isRedaction(body));
  const flaws = malformed.map((entry) => ({
    ...{ where: placeOf(entry), field: 'body' },
    message: 'is no redaction {by, at, reason, places, contents}',
  }));
  if (redactionEntries.length === 0 || signedBy !== null) return flaws;
  const message = 'is missing or not valid: a record that was redacted must be signed, or nobody vouches for it';
  return [...flaws, { where: 'signature', field: null, message }];
}

function isRedaction(body: Body): body is Redaction {
  const { by, at, reason, places, contents } = body;
  const hasTexts = [by, at, reason].every((one) => typeof one === 'string');
  return hasTexts && Array.isArray(places) && Array.isArray(contents) && contents.every(isRedactedContent);
}

function isRedactedContent(value: unknown): value is RedactedContent {
  return (
    isObject(value) && isDigest(value.digest) && isDigest(value.redactedDigest) && Number.isInteger(value.redactedBytes)
  );
}
