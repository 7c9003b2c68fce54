/**
 * Signs notices by HMAC-SHA256 on their way to the workflow that sends them, and checks them there: a connection to Temporal is not
 * enough to have a notice sent in the name of this installation.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { canonicalJson } from '../../domain/canonical';
import type { Delivery } from '../../domain/notices/notice';
import { TRIED_FOR_S } from '../../domain/notices/outbox';
import type { DocumentStore } from '../../ports/documents';
import type { NoticeProofs } from '../../ports/notifier';
import { createProofKey } from './report-proofs';

const KEY = 'notices';

/** `now`: milliseconds since the epoch. */
export function createNoticeProofs(documents: DocumentStore, now = Date.now): NoticeProofs {
  const loadKey = createProofKey(documents, KEY);
  const proofOf = async (projectId: string, deliveries: Delivery[]): Promise<Buffer> =>
    createHmac('sha256', await loadKey())
      .update(canonicalJson({ projectId, deliveries }))
      .digest();
  return {
    async prove(projectId, deliveries) {
      return (await proofOf(projectId, deliveries)).toString('base64');
    },
    async holds(projectId, deliveries, proof) {
      const [actual, expected] = [Buffer.from(proof, 'base64'), await proofOf(projectId, deliveries)];
      // The workflow has forgotten notices of that age, so an old signal that somebody repeats would be sent again.
      const isFresh = deliveries.every(({ notice }) => now() - Date.parse(notice.at) <= 1_000 * TRIED_FOR_S);
      return actual.length === expected.length && timingSafeEqual(actual, expected) && isFresh;
    },
  };
}
