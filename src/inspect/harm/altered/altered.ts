/**
 * Runs all rules that compare a changed row with the row before: a change that weakens, opens or removes a protection.
 * Pure.
 */
import type { Harm } from '../rule';
import { weakerAlgorithms } from './algorithms';
import { overwrittenRecords } from './effects';
import { flagsTurnedOff } from './flags';
import { alteredOf } from './hunk';
import type { AlteredFile, AlteredRule } from './hunk';
import { lostSafeWays } from './bound';
import { protectionsLost } from './lost';
import { misplacedGuards } from './order';
import { loosened } from './loosened';
import { lowered } from './lowered';
import { emptiedFunctions, emptiedScripts } from './stubs';
import { weakened } from './weakened';
import { widened } from './widened';

const RULES: readonly AlteredRule[] = [
  weakened,
  weakerAlgorithms,
  flagsTurnedOff,
  protectionsLost,
  misplacedGuards,
  lostSafeWays,
  widened,
  lowered,
  loosened,
  overwrittenRecords,
  emptiedScripts,
  emptiedFunctions,
];
const HARMS_LIMIT = 100;

/** Returns the findings of one file that existed before. Lines are those of the new text. */
export function alteredHarms(source: AlteredFile): Harm[] {
  const file = alteredOf(source);
  if (file.hunks.length === 0) return [];
  const firstByKey = new Map<string, Harm>();
  for (const one of RULES.flatMap((rule) => rule(file)))
    if (!firstByKey.has(`${one.line} ${one.does}`)) firstByKey.set(`${one.line} ${one.does}`, one);
  return [...firstByKey.values()].sort((a, b) => a.line - b.line).slice(0, HARMS_LIMIT);
}
