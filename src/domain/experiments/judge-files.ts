/**
 * The verdict over what stands in no function: whole files, statements that a module runs when it is loaded, and guards that are gone. Pure.
 *
 * A source is not needed where no break of it is noticed, and neither is that it cannot be loaded: tests name a constant by its name,
 * so that another value of one that they load says nothing. Values of data have no name of that kind: each file of them must be needed.
 */
import { found, foundByBreaks, isUnneeded, outcomeOf } from './asked-units';
import type { AskedUnit, ExperimentFinding } from './asked-units';
import { isTelling } from './order';
import type { Unit } from './units';

/** Files of which no break that was asked is noticed, and that hold more than texts and calls at their top level. */
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

/** `accused`: files that hold a function which is found already. */
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
    return [foundByBreaks('file_not_needed', first.unit, { claim, breaks })];
  });
}

/** Statements that change something outside of a module that tests load and need. */
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

/** Conditions that refused something, are gone, and that no test misses. */
export function missedGuards(all: readonly AskedUnit[]): ExperimentFinding[] {
  return all
    .filter((one) => one.unit.mark === 'guard' && isUnneeded(one))
    .map(({ unit }) =>
      found('guard_taken_away', unit, `${unit.says}: what it refused is let through now, and no test notices`),
    );
}

/** What is to be asked a second time by these rules. */
export function accusesAlone(all: readonly AskedUnit[]): (one: AskedUnit) => boolean {
  const data = new Set(suspectFiles(all).flatMap(({ path, isData }) => (isData ? [path] : [])));
  return ({ unit: { mark, path } }) => mark === 'guard' || mark === 'outside' || (mark === 'data' && data.has(path));
}

/** Files of which it must be known whether a run loads them at all, with a line of each. */
export function toLoad(all: readonly AskedUnit[]): Array<Pick<Unit, 'path' | 'line'>> {
  const needed = neededFiles(all);
  const suspects = suspectFiles(all).filter(({ isData }) => !isData);
  const acting = all.filter((one) => one.unit.mark === 'outside' && !needed.has(one.unit.path) && isUnneeded(one));
  const places = [...suspects.flatMap(({ units }) => units.slice(0, 1)), ...acting].map(({ unit }) => unit);
  return [...new Map(places.map(({ path, line }) => [path, { path, line }])).values()];
}

function neededFiles(all: readonly AskedUnit[]): Set<string> {
  return new Set(all.flatMap((one) => (outcomeOf(one) === 'noticed' ? [one.unit.path] : [])));
}
