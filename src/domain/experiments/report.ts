/**
 * Reads the experiments' report, which the worker stores beside the evidence. Reports of older workers lack members: a missing
 * member, or one of another type, counts as not reported. Pure.
 */
import { isObject } from '../json';
import type { Answer } from './compare';

export interface ReportedUnit {
  path: string;
  line: number;
  broken: string;
  outcome: Answer['outcome'];
  /** How often the tests ran with this break: 1 or 2. */
  asked: number;
  red: string[];
}
export interface ReportedTest {
  path: string;
  line: number;
  test: string;
  /** The changed expectations. */
  changed: string[];
  showsNothing: boolean;
}

/** The runs and notes of one series of experiments; its findings are in the evidence. */
export interface ReportedSeries {
  /** Number of test runs made for this series. */
  runs: number;
  /** False if failing tests would prove nothing in this series. */
  isUsable: boolean;
  notes: string[];
}
/** `guise` is the replay of calls; stored records contain the name. */
export const SERIES = ['comment', 'expectations', 'units', 'apart', 'guise'] as const;
export type SeriesName = (typeof SERIES)[number];

export interface ExperimentReport {
  commit: string | null;
  command: string[];
  units: ReportedUnit[];
  tests: ReportedTest[];
  notes: string[];
  /** Absent in reports of older workers. */
  series: Partial<Record<SeriesName, ReportedSeries>>;
  /** Changed places that tests need not cover. */
  notNeeded: Array<{ path: string; line: number; why: string }>;
}

export function readReport(value: unknown): ExperimentReport | null {
  if (!isObject(value)) return null;
  const { commit, command, units, tests, notes, series, not_needed_by_tests: notNeeded } = value;
  return {
    commit: typeof commit === 'string' ? commit : null,
    command: stringsIn(command),
    units: objectsIn(units).map((unit) => ({
      ...{ ...placeOf(unit), broken: textOrEmpty(unit.broken), red: stringsIn(unit.red) },
      outcome: unit.outcome === 'noticed' || unit.outcome === 'unnoticed' ? unit.outcome : 'not_run',
      asked: unit.asked === 2 ? 2 : 1,
    })),
    tests: objectsIn(tests).map((test) => ({
      ...{ ...placeOf(test), test: textOrEmpty(test.test), changed: stringsIn(test.changed) },
      showsNothing: test.showsNothing === true,
    })),
    notes: stringsIn(notes),
    series: seriesOf(series),
    notNeeded: objectsIn(notNeeded).map((one) => ({ ...placeOf(one), why: textOrEmpty(one.why) })),
  };
}

function seriesOf(value: unknown): ExperimentReport['series'] {
  const series: ExperimentReport['series'] = {};
  for (const name of SERIES) {
    const reportedSeries = isObject(value) ? value[name] : undefined;
    if (!isObject(reportedSeries)) continue;
    const runs = typeof reportedSeries.runs === 'number' ? reportedSeries.runs : 0;
    series[name] = { runs, isUsable: reportedSeries.isUsable !== false, notes: stringsIn(reportedSeries.notes) };
  }
  return series;
}

function placeOf({ path, line }: Record<string, unknown>): { path: string; line: number } {
  return { path: textOrEmpty(path), line: typeof line === 'number' ? line : 1 };
}

function objectsIn(value: unknown): Array<Record<string, unknown>> {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function stringsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function textOrEmpty(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

const MAX_SURVIVORS_SHOWN = 60;

/** Lists the breaks that no test noticed, one line each, for the role that judges the change. */
export function unnoticedBreaksIn(report: ExperimentReport): string[] {
  const unnoticed = report.units.filter(({ outcome }) => outcome === 'unnoticed');
  const shown = unnoticed
    .slice(0, MAX_SURVIVORS_SHOWN)
    .map(({ path, line, broken, asked }) => `${path}:${line} ${broken} (asked ${asked === 2 ? 'twice' : 'once'})`);
  return unnoticed.length > shown.length ? [...shown, `and ${unnoticed.length - shown.length} more`] : shown;
}
