/**
 * Where evidence stands: in a build, and in an output's list. A piece is the same piece whatever name a list gives it.
 */
import { canonicalJson } from '../canonical';
import type { Evidence } from '../evidence/evidence';
import { isDigest } from '../ids';
import { firstMember, isObject } from '../json';
import type { Body } from './format';

export function isEvidence(value: unknown): value is Evidence & Body {
  if (!isObject(value)) return false;
  const { command, commit, logDigest, exitCode, at } = value;
  const ended = exitCode === null || typeof exitCode === 'number';
  return Array.isArray(command) && typeof commit === 'string' && isDigest(logDigest) && ended && typeof at === 'string';
}

/** Of a build as its record has it: what it stands on now, and what each phase began with. */
export function evidenceOfBuild(build: unknown): Evidence[] {
  const checkpoints = firstMember(build, 'checkpoints');
  const begun = isObject(checkpoints) ? Object.values(checkpoints) : [];
  return distinct([build, ...begun].map((one) => firstMember(one, 'evidence')));
}

export function evidenceOfOutput(output: unknown): Evidence[] {
  const list = firstMember(output, 'evidence');
  return Array.isArray(list) ? distinct(list.map(withoutName)) : distinct(oldPieces(output));
}

/** Outputs of commit 0956107 and before have no list: a piece stood under any member, and was known by its looks. */
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

/** Each once, with equal ones taken as one. */
function distinct(values: unknown[]): Evidence[] {
  const pieces = values.filter(isEvidence);
  return [...new Map(pieces.map((piece) => [canonicalJson(piece), piece])).values()];
}
