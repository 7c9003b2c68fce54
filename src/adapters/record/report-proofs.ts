/**
 * Signs messages to ledgers by HMAC-SHA256, and checks them. The key is made at first use and stored in the data folder, so a
 * forger needs access to that folder: a connection to Temporal is not enough.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { canonicalJson } from '../../domain/canonical';
import type { DocumentStore } from '../../ports/documents';
import type { ReportProofs } from '../../ports/report-proofs';

const KEY = 'reports';
const KEY_BYTES = 32;

/**
 * A ledger remembers the last 1,000 finished builds, so a repeated report of an older build would count again. Therefore old
 * reports are refused. If an honest report arrives too late, the ledger finds the build when it next asks Temporal.
 */
const VALID_FOR_MS = 60 * 60_000;

export function createReportProofs(documents: DocumentStore, now = Date.now): ReportProofs {
  const loadKeyOnce = createProofKey(documents, KEY);
  const proofOf = async (projectId: string, report: object): Promise<Buffer> =>
    createHmac('sha256', await loadKeyOnce())
      .update(canonicalJson({ projectId, report }))
      .digest();
  return {
    async prove(projectId, report) {
      const dated = { ...report, sentAt: new Date(now()).toISOString() };
      return { ...dated, proof: (await proofOf(projectId, dated)).toString('base64') };
    },
    async holds(projectId, { proof, ...report }) {
      const actual = Buffer.from(proof, 'base64');
      const expected = await proofOf(projectId, report);
      const isFresh = Math.abs(now() - Date.parse(report.sentAt)) <= VALID_FOR_MS;
      return actual.length === expected.length && timingSafeEqual(actual, expected) && isFresh;
    },
  };
}

/** Gives a function that loads the key of this name once; a failed load is tried again at the next call. */
export function createProofKey(documents: DocumentStore, name: string): () => Promise<Buffer> {
  let key: Promise<Buffer> | undefined;
  return () =>
    (key ??= loadKey(documents, name).catch((error: unknown) => {
      key = undefined;
      throw error;
    }));
}

/** If several processes make a key at the same time, all use the one that was stored first. */
async function loadKey(documents: DocumentStore, name: string): Promise<Buffer> {
  const stored =
    (await documents.load('proof-keys', name)) ?? (await documents.keepFirst('proof-keys', name, makeKey()));
  return Buffer.from(stored.key, 'base64');
}

function makeKey() {
  return { key: randomBytes(KEY_BYTES).toString('base64') };
}
