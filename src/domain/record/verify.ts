/**
 * Verifies a record without a server: returns its problems with their places, and its entries.
 */
import { DEPTH_LIMIT, canonicalJson, isTooDeep } from '../canonical';
import { checkCalls } from './checks/calls';
import { checkChain } from './chain';
import { checkContents } from './checks/contents';
import { checkEvidence } from './checks/evidence';
import { checkStateChanges } from './checks/state-changes';
import { isObject } from '../json';
import { checkRedactions } from './redactions';
import { RECORD_FORMAT, RECORD_VERSION, signedPart } from './format';
import type { Body, Entry, Flaw, Hashing, Head, Signature } from './format';

export interface VerifyTools extends Hashing {
  /** Returns null if the public key cannot be read. The fingerprint is the sha256 of the key. */
  checkSignature(signature: Signature, text: string): { valid: boolean; fingerprint: string } | null;
}
export type Verification =
  | { readable: false; reason: string }
  | { readable: true; flaws: Flaw[]; entries: Entry[]; contents: Body; signedBy: string | null };

const MEMBERS = ['format', 'version', 'head', 'signature', 'entries', 'contents'];

export function verifyRecord(record: unknown, tools: VerifyTools): Verification {
  if (!isObject(record) || record.format !== RECORD_FORMAT) {
    return { readable: false, reason: `it is no record: format must be "${RECORD_FORMAT}"` };
  }
  if (record.version !== RECORD_VERSION) {
    return {
      readable: false,
      reason: `its version is ${String(record.version)}; this program reads ${RECORD_VERSION}`,
    };
  }
  if (isTooDeep(record)) return { readable: false, reason: `it is nested deeper than ${DEPTH_LIMIT} levels` };
  if (!Array.isArray(record.entries)) return { readable: false, reason: 'it has no list of entries' };
  const { entries, flaws } = checkChain(record.entries, record.head, tools);
  const contents = isObject(record.contents) ? record.contents : {};
  const unknownMembers = Object.keys(record).filter((name) => !MEMBERS.includes(name));
  const signature = checkRecordSignature(record.signature, record.head, tools);
  const allFlaws = [
    ...unknownMembers.map((field) => ({ where: 'record', field, message: 'is not a member of a record' })),
    ...flaws,
    ...checkContents(entries, record.contents, tools),
    ...checkStateChanges(entries),
    ...checkCalls(entries),
    ...checkEvidence(entries, contents),
    ...checkRedactions(entries, signature.signedBy),
    ...signature.flaws,
  ];
  return { readable: true, flaws: allFlaws, entries, contents, signedBy: signature.signedBy };
}

function checkRecordSignature(signature: unknown, head: unknown, { checkSignature }: VerifyTools) {
  if (signature === null) return { flaws: [], signedBy: null };
  const where = 'signature';
  if (!isSignature(signature)) {
    return { flaws: [{ where, field: null, message: 'is none, and not null either' }], signedBy: null };
  }
  const signatureCheck = checkSignature(signature, canonicalJson(signedPart(head as Head)));
  if (signatureCheck === null)
    return { flaws: [{ where, field: 'public_key', message: 'is no Ed25519 key' }], signedBy: null };
  if (signatureCheck.valid) return { flaws: [], signedBy: signatureCheck.fingerprint };
  const message = 'is not of this head: head or signature were changed, or made without the key';
  return { flaws: [{ where, field: 'signature', message }], signedBy: null };
}

function isSignature(value: unknown): value is Signature {
  if (!isObject(value) || Object.keys(value).length !== 3) return false;
  return value.algorithm === 'ed25519' && typeof value.public_key === 'string' && typeof value.signature === 'string';
}
