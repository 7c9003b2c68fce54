/**
 * Removes secrets from the entries and contents of a record. An entry `redaction` lists the changed places with the digests
 * of the new contents. Each redaction that a person requested gets such an entry, too.
 */
import type { Content, Draft } from '../../domain/record/format';
import type { RedactedContent, Redaction } from '../../domain/record/redactions';
import { digestOf } from '../digest';
import { redactContent, redactValue } from '../secrets/redact';
import type { KeptRedaction } from '../../ports/documents';

/** The actor and the reason of redactions that no person requested. */
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
  const redactedContents = Object.fromEntries(
    Object.entries(contents).map(([digest, content]) => [digest, redactOne(content)]),
  );
  const places: string[] = [];
  const entries = drafts.map((draft, index) => {
    const { value, found } = redactValue(draft.body);
    places.push(...new Set(found.map(({ field }) => `${draft.kind} ${index} body.${field}`)));
    return { ...draft, body: value };
  });
  const changedContents = Object.entries(redactedContents).flatMap(
    ([digest, content]) => changedContent(digest, content) ?? [],
  );
  const redactions = assignToRequests(changedContents, { places, kept, at: entries.at(-1)?.at ?? '' });
  return { drafts: withRedactions(entries, redactions), contents: redactedContents };
}

/** Assigns each changed content to the request that redacted it, or to the scanner if no request did. */
function assignToRequests(
  changedContents: RedactedContent[],
  { places, kept, at }: { places: string[]; kept: readonly KeptRedaction[]; at: string },
): Redaction[] {
  const requestOf = (digest: string) => kept.findLast(({ contents }) => contents.some((one) => one.digest === digest));
  const requested = kept.map((one): Redaction => ({
    ...{ by: one.by, at: one.at, reason: one.reason, places: [] },
    contents: changedContents.filter(({ digest }) => requestOf(digest) === one),
  }));
  const foundContents = changedContents.filter(({ digest }) => requestOf(digest) === undefined);
  const byScanner = { by: BY, at, reason: REASON, places, contents: foundContents };
  return places.length + foundContents.length === 0 ? requested : [...requested, byScanner];
}

function withRedactions(drafts: Draft[], redactions: Redaction[]): Draft[] {
  const state = drafts.at(-1);
  if (state === undefined || redactions.length === 0) return drafts;
  const entries = redactions.map((body): Draft => ({ kind: 'redaction', at: body.at, body }));
  const totals = { ...(state.body.totals as object), redaction: entries.length };
  return [...drafts.slice(0, -1), ...entries, { ...state, body: { ...state.body, totals } }];
}

function redactOne(content: Content): Content {
  if (content.encoding !== 'utf8') return content;
  const { text, found } = redactContent(content.content);
  return found.length === 0 ? content : { ...content, content: text };
}

/** Returns undefined if the content still has its digest, because nothing was redacted. */
function changedContent(digest: string, content: Content): RedactedContent | undefined {
  const bytes = Buffer.from(content.content, content.encoding);
  const redactedDigest = digestOf(bytes);
  return redactedDigest === digest ? undefined : { digest, redactedDigest, redactedBytes: bytes.length };
}
