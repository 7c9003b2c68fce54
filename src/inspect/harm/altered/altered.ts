/**
 * Harm that shows only beside what stood there before: a change that weakens, opens or takes away. Pure.
 */
import type { Harm } from '../rule';
import { weakerAlgorithms } from './algorithms';
import { writtenAnew } from './effects';
import { flagsTurnedOff } from './flags';
import { alteredOf } from './hunk';
import type { AlteredFile, AlteredRule } from './hunk';
import { safeWaysLeft } from './bound';
import { protectionsLost } from './lost';
import { guardsBehind } from './order';
import { loosened } from './loosened';
import { lowered } from './lowered';
import { functionsThatDoNothing, scriptsThatDoNothing } from './stubs';
import { weakened } from './weakened';
import { widened } from './widened';

const RULES: readonly AlteredRule[] = [
  weakened,
  weakerAlgorithms,
  flagsTurnedOff,
  protectionsLost,
  guardsBehind,
  safeWaysLeft,
  widened,
  lowered,
  loosened,
  writtenAnew,
  scriptsThatDoNothing,
  functionsThatDoNothing,
];
const HARMS_LIMIT = 100;

/** Of one file that was there before; lines are those of the new text. */
export function alteredHarms(given: AlteredFile): Harm[] {
  const file = alteredOf(given);
  if (file.hunks.length === 0) return [];
  const first = new Map<string, Harm>();
  for (const one of RULES.flatMap((rule) => rule(file)))
    if (!first.has(`${one.line} ${one.does}`)) first.set(`${one.line} ${one.does}`, one);
  return [...first.values()].sort((a, b) => a.line - b.line).slice(0, HARMS_LIMIT);
}
