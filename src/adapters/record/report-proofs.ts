/**
 * Proofs of reports by HMAC-SHA256. The key is made at first use and kept in the data folder; a reader of that folder can
 * prove, and a connection to Temporal alone is not enough.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { canonicalJson } from '../../domain/canonical';
import type { DocumentStore } from '../../ports/documents';
import type { ReportProofs } from '../../ports/report-proofs';

const KEY = 'reports';
const KEY_BYTES = 32;

/**
 * A ledger knows the last 1,000 builds that ended. A report of one that it has forgotten would count again, so an old one is
 * not believed: an honest one that came too late is made good by the next look at Temporal.
 */
const HOLDS_FOR_MS = 60 * 60_000;

export function createReportProofs(documents: DocumentStore, now = Date.now): ReportProofs {
  let key: Promise<Buffer> | undefined;
  // Every report of every build needs it. A store that could not give it is asked again.
  const ownKey = () =>
    (key ??= loadKey(documents).catch((error: unknown) => {
      key = undefined;
      throw error;
    }));
  const proofOf = async (projectId: string, said: object): Promise<Buffer> =>
    createHmac('sha256', await ownKey())
      .update(canonicalJson({ projectId, report: said }))
      .digest();
  return {
    async prove(projectId, report) {
      const said = { ...report, sentAt: new Date(now()).toISOString() };
      return { ...said, proof: (await proofOf(projectId, said)).toString('base64') };
    },
    async holds(projectId, { proof, ...said }) {
      const given = Buffer.from(proof, 'base64');
      const right = await proofOf(projectId, said);
      const isFresh = Math.abs(now() - Date.parse(said.sentAt)) <= HOLDS_FOR_MS;
      return given.length === right.length && timingSafeEqual(given, right) && isFresh;
    },
  };
}

/** Of several processes that make one at once, all use the one that was kept first. */
async function loadKey(documents: DocumentStore): Promise<Buffer> {
  const kept = (await documents.load('proof-keys', KEY)) ?? (await documents.keepFirst('proof-keys', KEY, makeKey()));
  return Buffer.from(kept.key, 'base64');
}

function makeKey() {
  return { key: randomBytes(KEY_BYTES).toString('base64') };
}
