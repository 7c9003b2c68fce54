/**
 * Findings about code outside of functions: whole files, statements that run when a module is loaded, and removed guards. Pure.
 *
 * A source file is reported only if no test notices its breaks, nor that the file cannot be loaded: tests often use a constant
 * by name, so another value of it proves nothing if the file is loaded. Each changed value of a data file must be noticed.
 */
import { found, createBreakFinding, isUnneeded, outcomeOf } from './asked-units';
import type { AskedUnit, ExperimentFinding } from './asked-units';
import { isTelling } from './order';
import type { Unit } from './units';

/** Returns the files without a noticed break that contain more at top level than texts and calls. */
export function suspectFiles(all: readonly AskedUnit[]): Array<{ path: string; units: AskedUnit[]; isData: boolean }> {
  const files = new Map<string, AskedUnit[]>();
  for (const one of all) {
    if (outcomeOf(one) === 'not_run') continue;
    files.set(one.unit.path, [...(files.get(one.unit.path) ?? []), one]);
  }
  return [...files].flatMap(([path, units]) => {
    const own = units.filter(({ unit }) => unit.mark !== 'load');
    const telling = own.filter(({ unit }) => isTelling(unit));
    if (telling.length === 0 || own.some((one) => outcomeOf(one) !== 'unnoticed')) return [];
    return [{ path, units, isData: telling.some(({ unit }) => unit.mark === 'data') }];
  });
}

/** `accused`: files with a function that is already reported. */
export function needlessFiles(all: readonly AskedUnit[], accused: ReadonlySet<string>): ExperimentFinding[] {
  return suspectFiles(all).flatMap(({ path, units, isData }) => {
    if (accused.has(path)) return [];
    const telling = units.filter(({ unit }) => isTelling(unit));
    const isCertain = isData
      ? telling.every(isUnneeded)
      : units.some((one) => one.unit.mark === 'load' && isUnneeded(one));
    const [first] = telling;
    if (!isCertain || first === undefined) return [];
    const breaks = telling.map(({ unit }) => unit.says);
    const claim = isData
      ? 'no test notices another value in this file'
      : 'no test notices when this file is broken, nor that it cannot be loaded';
    return [createBreakFinding('file_not_needed', first.unit, { claim, breaks })];
  });
}

/** Reports unnoticed statements with an effect outside of their module, in modules that tests load and need. */
export function needlessStatements(all: readonly AskedUnit[]): ExperimentFinding[] {
  const needed = neededFiles(all);
  return all
    .filter((one) => one.unit.mark === 'outside' && needed.has(one.unit.path) && isUnneeded(one))
    .map(({ unit }) =>
      found(
        'statement_not_needed',
        unit,
        `${unit.says}: it changes another thing when the file is loaded, and no test notices`,
      ),
    );
}

/** Reports removed guards (conditions that refused something) that no test notices. */
export function missedGuards(all: readonly AskedUnit[]): ExperimentFinding[] {
  return all
    .filter((one) => one.unit.mark === 'guard' && isUnneeded(one))
    .map(({ unit }) =>
      found('guard_taken_away', unit, `${unit.says}: what it refused is let through now, and no test notices`),
    );
}

/** Returns a function that is true for units that these rules need to break a second time. */
export function decidesAlone(all: readonly AskedUnit[]): (one: AskedUnit) => boolean {
  const data = new Set(suspectFiles(all).flatMap(({ path, isData }) => (isData ? [path] : [])));
  return ({ unit: { mark, path } }) => mark === 'guard' || mark === 'outside' || (mark === 'data' && data.has(path));
}

/** The files that must also be made unloadable, with a line of each, to learn whether a test run loads them. */
export function filesToLoad(all: readonly AskedUnit[]): Array<Pick<Unit, 'path' | 'line'>> {
  const needed = neededFiles(all);
  const suspects = suspectFiles(all).filter(({ isData }) => !isData);
  const acting = all.filter((one) => one.unit.mark === 'outside' && !needed.has(one.unit.path) && isUnneeded(one));
  const places = [...suspects.flatMap(({ units }) => units.slice(0, 1)), ...acting].map(({ unit }) => unit);
  return [...new Map(places.map(({ path, line }) => [path, { path, line }])).values()];
}

function neededFiles(all: readonly AskedUnit[]): Set<string> {
  return new Set(all.flatMap((one) => (outcomeOf(one) === 'noticed' ? [one.unit.path] : [])));
}
