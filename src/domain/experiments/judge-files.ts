/**
 * Findings about code outside of functions: whole files, statements that run when a module is loaded, and removed guards. Pure.
 *
 * A source file is reported only if no test notices its breaks, nor that the file cannot be loaded: tests often use a constant
 * by name, so another value of it proves nothing if the file is loaded. Each changed value of a data file must be noticed.
 */
import { groupBy } from '../group-by';
import { createFinding, createBreakFinding, isUnneeded, outcomeOf } from './asked-units';
import type { AskedUnit, ExperimentFinding } from './asked-units';
import { computesAtTopLevel } from './order';
import type { Unit } from './units';

/** Returns the files without a noticed break that contain more at top level than texts and calls. */
export function findSuspectFiles(
  all: readonly AskedUnit[],
): Array<{ path: string; units: AskedUnit[]; isData: boolean }> {
  const unitsRun = all.filter((one) => outcomeOf(one) !== 'not_run');
  const files = groupBy(unitsRun, ({ unit }) => unit.path);
  return [...files].flatMap(([path, units]) => {
    const changedUnits = units.filter(({ unit }) => unit.mark !== 'load');
    const computingUnits = changedUnits.filter(({ unit }) => computesAtTopLevel(unit));
    if (computingUnits.length === 0 || changedUnits.some((one) => outcomeOf(one) !== 'unnoticed')) return [];
    return [{ path, units, isData: computingUnits.some(({ unit }) => unit.mark === 'data') }];
  });
}

/** `reportedPaths`: files with a function that is already reported. */
export function findNeedlessFiles(all: readonly AskedUnit[], reportedPaths: ReadonlySet<string>): ExperimentFinding[] {
  return findSuspectFiles(all).flatMap(({ path, units, isData }) => {
    if (reportedPaths.has(path)) return [];
    const computingUnits = units.filter(({ unit }) => computesAtTopLevel(unit));
    const isCertain = isData
      ? computingUnits.every(isUnneeded)
      : units.some((one) => one.unit.mark === 'load' && isUnneeded(one));
    const [first] = computingUnits;
    if (!isCertain || first === undefined) return [];
    const breaks = computingUnits.map(({ unit }) => unit.says);
    const claim = isData
      ? 'no test notices another value in this file'
      : 'no test notices when this file is broken, nor that it cannot be loaded';
    return [createBreakFinding('file_not_needed', first.unit, { claim, breaks })];
  });
}

/** Reports unnoticed statements with an effect outside of their module, in modules that tests load and need. */
export function findNeedlessStatements(all: readonly AskedUnit[]): ExperimentFinding[] {
  const needed = neededFiles(all);
  return all
    .filter((one) => one.unit.mark === 'outside' && needed.has(one.unit.path) && isUnneeded(one))
    .map(({ unit }) =>
      createFinding(
        'statement_not_needed',
        unit,
        `${unit.says}: it changes another thing when the file is loaded, and no test notices`,
      ),
    );
}

/** Reports removed guards (conditions that refused something) that no test notices. */
export function findMissedGuards(all: readonly AskedUnit[]): ExperimentFinding[] {
  return all
    .filter((one) => one.unit.mark === 'guard' && isUnneeded(one))
    .map(({ unit }) =>
      createFinding('guard_taken_away', unit, `${unit.says}: what it refused is let through now, and no test notices`),
    );
}

/** Makes a function that returns true for a unit that these rules need to break a second time. */
export function createNeedsRepeat(all: readonly AskedUnit[]): (one: AskedUnit) => boolean {
  const data = new Set(findSuspectFiles(all).flatMap(({ path, isData }) => (isData ? [path] : [])));
  return ({ unit: { mark, path } }) => mark === 'guard' || mark === 'outside' || (mark === 'data' && data.has(path));
}

/** The files that must also be made unloadable, with a line of each, to learn whether a test run loads them. */
export function filesToLoad(all: readonly AskedUnit[]): Array<Pick<Unit, 'path' | 'line'>> {
  const needed = neededFiles(all);
  const suspects = findSuspectFiles(all).filter(({ isData }) => !isData);
  const statementsWithEffect = all.filter(
    (one) => one.unit.mark === 'outside' && !needed.has(one.unit.path) && isUnneeded(one),
  );
  const places = [...suspects.flatMap(({ units }) => units.slice(0, 1)), ...statementsWithEffect].map(
    ({ unit }) => unit,
  );
  return [...new Map(places.map(({ path, line }) => [path, { path, line }])).values()];
}

function neededFiles(all: readonly AskedUnit[]): Set<string> {
  return new Set(all.flatMap((one) => (outcomeOf(one) === 'noticed' ? [one.unit.path] : [])));
}
