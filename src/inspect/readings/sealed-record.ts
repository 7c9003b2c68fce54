/**
 * Redacts a record and chains its entries by their digests. Takes and returns plain data. Pure.
 */
import { seal } from '../../domain/record/chain';
import type { Content, Entry, Head } from '../../domain/record/format';
import { sha256 } from '../digest';
import { redactRecord } from './redact-record';
import type { Parts } from './redact-record';

export interface SealedRecord {
  entries: Entry[];
  head: Head;
  contents: Record<string, Content>;
}

export function sealedRecord(parts: Parts): SealedRecord {
  const { drafts, contents } = redactRecord(parts);
  return { ...seal(drafts, { sha256 }), contents };
}
