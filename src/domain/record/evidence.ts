/**
 * Finds evidence in a build and in a phase's output. Equal pieces count as one, whatever their names in a list.
 */
import { canonicalJson } from '../canonical';
import type { Evidence } from '../evidence/evidence';
import { isDigest } from '../ids';
import { firstMember, isObject } from '../json';
import type { Body } from './format';

export function isEvidence(value: unknown): value is Evidence & Body {
  if (!isObject(value)) return false;
  const { command, commit, logDigest, exitCode, at } = value;
  const hasExitCode = exitCode === null || typeof exitCode === 'number';
  return (
    Array.isArray(command) && typeof commit === 'string' && isDigest(logDigest) && hasExitCode && typeof at === 'string'
  );
}

/** The evidence in a build as its record contains it: the current evidence, and that of each checkpoint. */
export function evidenceOfBuild(build: unknown): Evidence[] {
  const checkpoints = firstMember(build, 'checkpoints');
  const checkpointValues = isObject(checkpoints) ? Object.values(checkpoints) : [];
  return distinct([build, ...checkpointValues].map((one) => firstMember(one, 'evidence')));
}

export function evidenceOfOutput(output: unknown): Evidence[] {
  const list = firstMember(output, 'evidence');
  return Array.isArray(list) ? distinct(list.map(withoutName)) : distinct(oldPieces(output));
}

/** Outputs from commit 0956107 and before have no list: evidence could be in any member, so it is recognized by its shape. */
function oldPieces(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.flatMap(oldPieces);
  if (!isObject(value)) return [];
  return [value, ...Object.values(value).flatMap(oldPieces)];
}

function withoutName(piece: unknown): unknown {
  if (!isObject(piece)) return piece;
  const { name: _, ...evidence } = piece;
  return evidence;
}

/** Keeps the evidence among the values, and one of each set of equal pieces. */
function distinct(values: unknown[]): Evidence[] {
  const pieces = values.filter(isEvidence);
  return [...new Map(pieces.map((piece) => [canonicalJson(piece), piece])).values()];
}
