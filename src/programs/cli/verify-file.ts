/**
 * `qo verify`: reads a record, checks it, and writes the result as lines.
 */
import { readFileSync } from 'node:fs';
import { checkSignature } from '../../adapters/record/signature';
import { sha256 } from '../../inspect/digest';
import { wasGated } from '../../domain/record/checks/evidence';
import { verifyRecord } from '../../domain/record/verify';
import type { Verification, VerifyTools } from '../../domain/record/verify';
import type { Entry, Flaw } from '../../domain/record/format';
import { isEvidence } from '../../domain/record/evidence';
import { redactionsIn } from '../../domain/record/redactions';
import { isObject } from '../../domain/json';

type ReadableRecord = Extract<Verification, { readable: true }>;

/** A forged file may have any number of flaws. */
const MAX_FLAWS = 50;

export const TOOLS: VerifyTools = {
  checkSignature,
  sha256,
  measure({ encoding, content }) {
    const bytes = Buffer.from(content, encoding);
    return { sha256: sha256(bytes), bytes: bytes.length };
  },
};

/** Checks the record in `file`. `key`: the fingerprint of the key that must have signed it; null accepts any key and no signature. */
export function verifyFile(file: string, key: string | null): { lines: string[]; exitCode: 0 | 1 | 2 } {
  let record: unknown;
  try {
    record = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const why = error instanceof SyntaxError ? 'the file is not JSON, or is incomplete' : 'the file cannot be read';
    return { lines: [`${file}: ${why}`], exitCode: 2 };
  }
  const verified = verifyRecord(record, TOOLS);
  if (!verified.readable) return { lines: [`${file}: ${verified.reason}`], exitCode: 2 };
  const flaws = [...verified.flaws, ...keyFlaws(verified, key)];
  if (flaws.length > 0) return { lines: describeFlaws(file, flaws), exitCode: 1 };
  return { lines: [...summarize(verified), ...describeSignature(verified, key)], exitCode: 0 };
}

function keyFlaws({ signedBy }: ReadableRecord, key: string | null): Flaw[] {
  if (key === null || signedBy === key) return [];
  const message =
    signedBy === null ? `is missing or not valid; it must be by ${key}` : `is by ${signedBy}, not by ${key}`;
  return [{ where: 'signature', field: null, message }];
}

function describeFlaws(file: string, flaws: Flaw[]): string[] {
  const shown = flaws.slice(0, MAX_FLAWS).map(({ where, field, message }) => {
    return `${where}${field === null ? '' : ` ${field}`}: ${message}`;
  });
  const hidden = flaws.length > MAX_FLAWS ? [`… and ${flaws.length - MAX_FLAWS} more`] : [];
  return [...shown, ...hidden, `WRONG: ${file} is not a valid record (${flaws.length} problems)`];
}

function summarize({ entries }: ReadableRecord): string[] {
  const { workflowId } = entries[0]!.body;
  const state = entries.at(-1)!.body;
  const counts = (Object.entries(state.totals as object) as Array<[string, number]>).map(([kind, n]) => `${n} ${kind}`);
  const omitted = entries.filter(({ kind, body }) => kind === 'artifact' && body.omitted !== null);
  const omittedLines =
    omitted.length === 0 ? [] : [`not embedded: ${omitted.length} artifacts, named by digest (${reasonsOf(omitted)})`];
  return [
    `${String(workflowId)}: ${String(state.status)}`,
    `entries: ${counts.join(', ')}`,
    ...omittedLines,
    ...redactedLines(entries),
    measuredLine(entries),
  ];
}

/** Lists the redactions, so that a redacted text is not taken for one that never existed. */
function redactedLines(entries: Entry[]): string[] {
  const redactions = redactionsIn(entries);
  if (redactions.length === 0) return [];
  const count = redactions.reduce((sum, { places, contents }) => sum + places.length + contents.length, 0);
  const lines = redactions.map(({ by, at, reason }) => `  ${at} by ${by}: ${reason}`);
  return [`redacted: ${count} places`, ...lines];
}

function reasonsOf(omitted: Entry[]): string {
  return [...new Set(omitted.map(({ body }) => String(body.omitted)))].join(', ');
}

function measuredLine(entries: Entry[]): string {
  const pieces = entries.flatMap(({ kind, body }) => (kind === 'evidence' ? [body.evidence] : [])).filter(isEvidence);
  const evidence = pieces.findLast((piece) => piece.kind === 'tests');
  if (evidence === undefined) return 'measured: nothing; all results in this record are claims';
  const { counts, commit, sandbox, exitCode } = evidence;
  const tests = counts ? `${counts.passed} of ${counts.total} tests passed` : 'tests not counted';
  const { release, outputs } = entries.at(-1)!.body;
  const claimed = isObject(release) && !wasGated(outputs) ? '; the release itself is based on claims only' : '';
  return `measured last: ${tests} on ${commit.slice(0, 12)}, exit code ${exitCode ?? 'none'}, sandbox ${sandbox}${claimed}`;
}

function describeSignature({ signedBy }: ReadableRecord, key: string | null): string[] {
  if (signedBy === null) return ['signed: no; anyone who can write the file can forge all of it', 'ok'];
  const known = key === null ? '; use --key to check that this is the right key' : ', as --key requires';
  return [`signed: by ${signedBy}${known}`, 'ok'];
}
