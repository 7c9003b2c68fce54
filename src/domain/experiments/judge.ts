/**
 * Judges the broken units: which changed functions and branches no test needs, and which share of all breaks was noticed. Pure.
 *
 * A finding needs two unnoticed runs: `repeated` is the result of the second one, on a commit that contains the break.
 */
import { groupBy } from '../group-by';
import { keyOf } from '../evidence/baseline';
import type { Answer } from './compare';
import { createFinding, createBreakFinding, isUnnoticedTwice, isUnneeded, outcomeOf } from './asked-units';
import type { AskedUnit, ExperimentFinding } from './asked-units';
import { createNeedsRepeat, findMissedGuards, findNeedlessFiles, findNeedlessStatements } from './judge-files';
import { ownerKeyOf } from './order';
import type { Unit } from './units';

export { outcomeOf } from './asked-units';
export type { AskedUnit, ExperimentFinding } from './asked-units';

/** Minimum share of noticed breaks, in percent: below it, tests need less than half of the change. */
export const FLOOR_PERCENT = 50;
/** With fewer breaks, a share means nothing. */
const MIN_UNITS_FOR_SHARE = 4;

export interface UnitsVerdict {
  findings: ExperimentFinding[];
  asked: number;
  noticed: number;
  notRun: number;
  /** The share of noticed breaks; null if no break was tried. */
  sharePercent: number | null;
}

export function judgeUnits(all: AskedUnit[], floorPercent = FLOOR_PERCENT): UnitsVerdict {
  const functions = needlessFunctions(all);
  const reportedOwners = new Set(functions.map(({ owner }) => owner));
  const branches = all
    .filter(({ unit }) => unit.kind === 'branch' && !reportedOwners.has(ownerKeyOf(unit)))
    .filter(isUnneeded)
    .map(({ unit }) => createFinding('branch_never_taken', unit, `${unit.says}: no test takes this branch`));
  const paths = new Set(functions.map(({ finding }) => finding.path));
  const fileFindings = [...findNeedlessFiles(all, paths), ...findNeedlessStatements(all), ...findMissedGuards(all)];
  // Breaks that make a file unloadable are tried only for suspect files, so they would distort the share.
  const countedUnits = all.filter(({ unit }) => unit.mark !== 'load');
  const outcomes = countedUnits.map(outcomeOf);
  const noticed = outcomes.filter((one) => one === 'noticed').length;
  const asked = outcomes.filter((one) => one !== 'not_run').length;
  const sharePercent = asked === 0 ? null : Math.round((noticed / asked) * 1_000) / 10;
  const share =
    sharePercent !== null && sharePercent < floorPercent && asked >= MIN_UNITS_FOR_SHARE && functions.length === 0
      ? shareFinding(countedUnits, { noticed, asked, floorPercent })
      : [];
  const findings = [...functions.map(({ finding }) => finding), ...branches, ...fileFindings, ...share];
  return { findings, asked, noticed, notRun: outcomes.length - asked, sharePercent };
}

/** The units that must run a second time before they become findings: first those of functions and branches, then those of the share. */
export function unitsToRepeat(all: AskedUnit[], floorPercent = FLOOR_PERCENT): Unit[] {
  const unnoticedOnce = all.filter((one) => one.repeated === null && outcomeOf(one) === 'unnoticed');
  const owners = new Set(
    changedFunctions(all)
      .filter(({ units }) => decidingUnits(units).every((one) => outcomeOf(one) === 'unnoticed'))
      .map(({ owner }) => owner),
  );
  const needsRepeat = createNeedsRepeat(all);
  const decisive = unnoticedOnce.filter(
    (one) => one.unit.kind === 'branch' || owners.has(ownerKeyOf(one.unit)) || needsRepeat(one),
  );
  const { sharePercent, asked } = judgeUnits(all, floorPercent);
  const isLow = sharePercent !== null && sharePercent < floorPercent && asked >= MIN_UNITS_FOR_SHARE;
  return [...decisive, ...(isLow ? unnoticedOnce.filter((one) => !decisive.includes(one)) : [])].map(
    ({ unit }) => unit,
  );
}

/** Reports changed functions whose breaks make only the command fail while each test passes, so that no test can be credited. */
export function findCommandOnlyFailures(all: AskedUnit[]): ExperimentFinding[] {
  return groupByOwner(all).flatMap(({ units }) => {
    const [first] = units;
    const isSilent = units.every((one) => outcomeOf(one) === 'not_run');
    if (first === undefined || !isSilent || !units.some(({ answer }) => answer.endsBadly === true)) return [];
    const { owner, line } = first.unit;
    const says = `${owner?.name ?? ''}: every test passes when it is broken, only the command ends badly: what needs it cannot be asked`;
    const at = { ...first.unit, line: owner?.line ?? line };
    return [{ ...createFinding('nothing_asked', at, says), mender: 'person' as const }];
  });
}

interface Group {
  owner: string;
  units: AskedUnit[];
}

/** Groups the units with a result by their changed function. */
function changedFunctions(all: AskedUnit[]): Group[] {
  return groupByOwner(all.filter((one) => outcomeOf(one) !== 'not_run'));
}

/** Groups units by function; units at the top level of a file are left out. */
function groupByOwner(all: AskedUnit[]): Group[] {
  const owned = all.filter(({ unit }) => unit.owner !== null);
  const unitsByOwner = groupBy(owned, ({ unit }) => ownerKeyOf(unit));
  return [...unitsByOwner].map(([owner, units]) => ({ owner, units }));
}

/**
 * The units that decide whether a function is needed. A test that only calls a function notices that it throws; so if the
 * function also returned nothing, or two of its values were broken, one of these breaks must be noticed.
 */
function decidingUnits(units: AskedUnit[]): AskedUnit[] {
  const ofValues = units.filter(({ unit }) => unit.kind !== 'function' && unit.kind !== 'branch');
  return ofValues.length > 1 || ofValues.some(({ unit }) => unit.kind === 'value') ? ofValues : units;
}

function needlessFunctions(all: AskedUnit[]): Array<{ owner: string; finding: ExperimentFinding }> {
  return changedFunctions(all).flatMap(({ owner, units }) => {
    const deciding = decidingUnits(units);
    const [first] = deciding;
    if (first === undefined || !deciding.every(isUnneeded)) return [];
    const breaks = deciding.map(({ unit }) => unit.says);
    const at = { ...first.unit, line: first.unit.owner?.line ?? first.unit.line };
    const seen = `${first.unit.owner?.name ?? ''}: no test notices when it is broken`;
    // The line distinguishes two functions of the same name in one file.
    const claim = `line ${at.line}: ${seen}`;
    return [{ owner, finding: createBreakFinding('function_not_needed', at, { seen, claim, breaks }) }];
  });
}

function shareFinding(
  all: AskedUnit[],
  { noticed, asked, floorPercent }: { noticed: number; asked: number; floorPercent: number },
): ExperimentFinding[] {
  const unnoticed = all.filter((one) => outcomeOf(one) === 'unnoticed');
  const [first] = unnoticed;
  if (first === undefined || !unnoticed.every(isUnnoticedTwice)) return [];
  const places = unnoticed.slice(0, 5).map(({ unit }) => `${unit.path}:${unit.line} ${unit.says}`);
  const says = `no test notices ${asked - noticed} of ${asked} breaks of the change, fewer than ${floorPercent} % are noticed: ${places.join('; ')}`;
  return [createFinding('share_below_floor', first.unit, says)];
}

/**
 * For a plan that promises nothing new: reports changed functions whose breaks no existing test notices. Existing tests must
 * show that such a change keeps the behaviour.
 */
export function findUnprovenKept(all: AskedUnit[], oldTests: ReadonlySet<string>): ExperimentFinding[] {
  return changedFunctions(all).flatMap(({ units }) => {
    const noticed = units.filter((one) => outcomeOf(one) === 'noticed');
    // If the run names no tests, old and new tests cannot be distinguished.
    if (noticed.length === 0 || noticed.every(({ answer, repeated }) => failedKeysOf(answer, repeated).length === 0))
      return [];
    if (noticed.some(({ answer, repeated }) => failedKeysOf(answer, repeated).some((key) => oldTests.has(key))))
      return [];
    const { unit } = noticed[0] as AskedUnit;
    const says = `${unit.owner?.name ?? ''}: the plan promises nothing new, and only new tests notice when it is broken`;
    return [createFinding('kept_not_shown', { path: unit.path, line: unit.owner?.line ?? unit.line }, says)];
  });
}

function failedKeysOf(answer: Answer, repeated: Answer | null): string[] {
  return [...answer.red, ...(repeated?.red ?? [])].map(keyOf);
}
