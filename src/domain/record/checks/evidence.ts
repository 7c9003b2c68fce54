/**
 * Checks evidence: it equals the evidence in its output, its counts add up, and a release has passing tests on its commit.
 */
import { canonicalJson } from '../../canonical';
import { judgeTests } from '../../evidence/evidence';
import type { Evidence } from '../../evidence/evidence';
import { firstDifference } from '../difference';
import { evidenceOfBuild, evidenceOfOutput, isEvidence } from '../evidence';
import { isObject } from '../../json';
import { placeOf } from '../format';
import type { Body, Entry, Flaw } from '../format';
import { contentOf, orchestratorBody } from '../reference-index';
import { orchestratorOutputs } from '../find-references';

interface Piece {
  entry: Entry;
  evidence: Evidence;
  in: unknown[];
}

export function checkEvidence(entries: readonly Entry[], contents: Body): Flaw[] {
  const flaws: Flaw[] = [];
  const pieces: Piece[] = [];
  for (const entry of entries.filter(({ kind }) => kind === 'evidence')) {
    const { evidence, in: places } = entry.body;
    if (isEvidence(evidence) && Array.isArray(places)) pieces.push({ entry, evidence, in: places });
    else flaws.push({ where: placeOf(entry), field: 'body', message: 'is no evidence' });
  }
  return [
    ...flaws,
    ...pieces.flatMap((piece) => [...checkCounts(piece), ...checkSource(piece, entries, contents)]),
    ...checkComplete(pieces, entries, contents),
    ...checkRelease(pieces, entries.at(-1)),
  ];
}

function checkCounts({ entry, evidence: { counts } }: Piece): Flaw[] {
  if (counts === null || counts === undefined) return [];
  const field = 'body.evidence.counts';
  const numbers = [counts.total, counts.passed, counts.failed, counts.skipped];
  const areWholeCounts = numbers.every((one) => Number.isInteger(one) && one >= 0);
  if (areWholeCounts && counts.passed + counts.failed + counts.skipped <= counts.total) return [];
  return [{ where: placeOf(entry), field, message: 'do not add up' }];
}

/** Compares evidence with the embedded outputs that contain it, or else with the state. */
function checkSource({ entry, evidence, in: places }: Piece, entries: readonly Entry[], contents: Body): Flaw[] {
  const state = entries.at(-1);
  const sources = places
    .map((digest) => evidenceOfOutput(contentOf(contents, String(digest))))
    .filter((one) => one.length > 0);
  if (places.length === 0 && state !== undefined) sources.push(evidenceOfBuild(orchestratorBody(state)));
  const evidenceText = canonicalJson(evidence);
  return sources.flatMap((source) => {
    if (source.some((one) => canonicalJson(one) === evidenceText)) return [];
    const nearest = source.find((one) => one.logDigest === evidence.logDigest) ?? source[0];
    const path = firstDifference(evidence, nearest, 'body.evidence');
    return [{ where: placeOf(entry), field: path, message: 'is not what was kept when it was measured' }];
  });
}

/** Checks that each piece of evidence in the state and the embedded outputs has an entry. */
function checkComplete(pieces: readonly Piece[], entries: readonly Entry[], contents: Body): Flaw[] {
  const inEntries = new Set(pieces.map(({ evidence }) => canonicalJson(evidence)));
  const sources = entries.filter(({ kind }) => kind === 'handoff' || kind === 'state');
  return sources.flatMap((entry) => {
    const body = orchestratorBody(entry);
    const outputs = [...orchestratorOutputs(body)].map((digest) => contentOf(contents, digest));
    return [...evidenceOfBuild(body), ...outputs.flatMap(evidenceOfOutput)]
      .filter((one) => !inEntries.has(canonicalJson(one)))
      .map((one) => ({
        ...{ where: placeOf(entry), field: null },
        message: `holds evidence on commit ${one.commit.slice(0, 12)} that no entry has as it is`,
      }));
  });
}

/** Checks that a release that passed a gate has passing tests on exactly its commit. */
function checkRelease(pieces: readonly Piece[], last: Entry | undefined): Flaw[] {
  if (last?.kind !== 'state' || last.body.state !== 'complete') return [];
  const { release, commit, outputs, locked, coverageFloorPercent: floor } = last.body;
  if (!isObject(release) || !wasGated(outputs)) return [];
  const where = placeOf(last);
  if (release.commit !== commit) {
    return [{ where, field: 'body.release.commit', message: 'is not the commit that the build ended on' }];
  }
  const tests = pieces.map(({ evidence }) => evidence).filter(({ kind }) => kind === 'tests');
  const coverageFloorPercent = typeof floor === 'number' ? floor : undefined;
  const requirements = { commit: String(release.commit), lockedDigest: lockedDigestOf(locked), coverageFloorPercent };
  const verdicts = tests.map((evidence) => judgeTests(evidence, requirements));
  if (verdicts.some(({ pass }) => pass)) return [];
  const [reason] = verdicts.flatMap((verdict) => (verdict.pass ? [] : verdict.reasons.slice(0, 1))).slice(-1);
  return [{ where, field: 'body.release', message: `no green tests on its commit: ${reason ?? 'none were measured'}` }];
}

function lockedDigestOf(locked: unknown): string | null {
  return isObject(locked) && typeof locked.digest === 'string' ? locked.digest : null;
}

/** False if external roles did both testing and verification, so that nothing was measured. */
export function wasGated(outputs: unknown): boolean {
  if (!isObject(outputs)) return true;
  return ['testing', 'verification'].some((phase) => {
    const ref = outputs[phase];
    return !isObject(ref) || ref.source !== 'claimed';
  });
}
