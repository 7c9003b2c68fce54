/**
 * Removes secrets from the entries and contents of a record. An entry `redaction` lists the places that changed, with the digests
 * of the new contents. Redactions that a person requested get such entries, too.
 */
import type { Content, Draft } from '../../domain/record/format';
import type { RedactedContent, Redaction } from '../../domain/record/redactions';
import { digestOf } from '../digest';
import { redactContent, redactValue } from '../secrets/redact';
import type { KeptRedaction } from '../../ports/documents';

const BY = 'q-orchestrator';
const REASON = 'looks like a secret';

export interface Parts {
  drafts: Draft[];
  contents: Record<string, Content>;
  /** The redactions that people requested, oldest first. */
  kept: readonly KeptRedaction[];
}

/** Inserts the `redaction` entries before the `state` entry, and counts them in its totals. */
export function redactRecord({ drafts, contents, kept }: Parts): Omit<Parts, 'kept'> {
  const left = Object.fromEntries(Object.entries(contents).map(([digest, content]) => [digest, redactOne(content)]));
  const places: string[] = [];
  const entries = drafts.map((draft, index) => {
    const { value, found } = redactValue(draft.body);
    places.push(...new Set(found.map(({ field }) => `${draft.kind} ${index} body.${field}`)));
    return { ...draft, body: value };
  });
  const exchanged = Object.entries(left).flatMap(([digest, content]) => exchangedContent(digest, content) ?? []);
  const redactions = assignToRequests(exchanged, { places, kept, at: entries.at(-1)?.at ?? '' });
  return { drafts: withRedactions(entries, redactions), contents: left };
}

/** Assigns each changed content to the request that redacted it, or to the scanner where no request did. */
function assignToRequests(
  exchanged: RedactedContent[],
  { places, kept, at }: { places: string[]; kept: readonly KeptRedaction[]; at: string },
): Redaction[] {
  const ownerOf = (digest: string) => kept.findLast(({ contents }) => contents.some((one) => one.digest === digest));
  const asked = kept.map((one): Redaction => ({
    ...{ by: one.by, at: one.at, reason: one.reason, places: [] },
    contents: exchanged.filter(({ digest }) => ownerOf(digest) === one),
  }));
  const found = exchanged.filter(({ digest }) => ownerOf(digest) === undefined);
  const own = { by: BY, at, reason: REASON, places, contents: found };
  return places.length + found.length === 0 ? asked : [...asked, own];
}

function withRedactions(drafts: Draft[], redactions: Redaction[]): Draft[] {
  const state = drafts.at(-1);
  if (state === undefined || redactions.length === 0) return drafts;
  const own = redactions.map((body): Draft => ({ kind: 'redaction', at: body.at, body }));
  const totals = { ...(state.body.totals as object), redaction: own.length };
  return [...drafts.slice(0, -1), ...own, { ...state, body: { ...state.body, totals } }];
}

function redactOne(content: Content): Content {
  if (content.encoding !== 'utf8') return content;
  const { text, found } = redactContent(content.content);
  return found.length === 0 ? content : { ...content, content: text };
}

/** Undefined where the content still has its digest, that is, where it was not redacted. */
function exchangedContent(digest: string, content: Content): RedactedContent | undefined {
  const bytes = Buffer.from(content.content, content.encoding);
  const redactedDigest = digestOf(bytes);
  return redactedDigest === digest ? undefined : { digest, redactedDigest, redactedBytes: bytes.length };
}
