/**
 * Reads the report of experiments, as the worker keeps it beside the evidence. Reports of older workers lack members: what is
 * not there, or has another type, counts as not said. Pure.
 */
import { isObject } from '../json';
import type { Answer } from './compare';

export interface ReportedUnit {
  path: string;
  line: number;
  broken: string;
  outcome: Answer['outcome'];
  /** 1 or 2: how often the tests were run with it. */
  asked: number;
  red: string[];
}
export interface ReportedTest {
  path: string;
  line: number;
  test: string;
  /** Expectations that were changed. */
  changed: string[];
  showsNothing: boolean;
}

/** What one series of experiments did, beside what it found. */
export interface ReportedSeries {
  /** Runs of the tests that were made for it. */
  runs: number;
  /** False where what turned red would have said nothing. */
  isUsable: boolean;
  notes: string[];
}
/** `guise` is the replay of calls: the name is in stored records. */
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
  /** Changed places that no test has to need. */
  notNeeded: Array<{ path: string; line: number; why: string }>;
}

export function readReport(value: unknown): ExperimentReport | null {
  if (!isObject(value)) return null;
  const { commit, command, units, tests, notes, series, not_needed_by_tests: notNeeded } = value;
  return {
    commit: typeof commit === 'string' ? commit : null,
    command: strings(command),
    units: objects(units).map((unit) => ({
      ...{ ...placeOf(unit), broken: text(unit.broken), red: strings(unit.red) },
      outcome: unit.outcome === 'noticed' || unit.outcome === 'unnoticed' ? unit.outcome : 'not_run',
      asked: unit.asked === 2 ? 2 : 1,
    })),
    tests: objects(tests).map((test) => ({
      ...{ ...placeOf(test), test: text(test.test), changed: strings(test.changed) },
      showsNothing: test.showsNothing === true,
    })),
    notes: strings(notes),
    series: seriesOf(series),
    notNeeded: objects(notNeeded).map((one) => ({ ...placeOf(one), why: text(one.why) })),
  };
}

function seriesOf(value: unknown): ExperimentReport['series'] {
  const all: ExperimentReport['series'] = {};
  for (const name of SERIES) {
    const one = isObject(value) ? value[name] : undefined;
    if (!isObject(one)) continue;
    const runs = typeof one.runs === 'number' ? one.runs : 0;
    all[name] = { runs, isUsable: one.isUsable !== false, notes: strings(one.notes) };
  }
  return all;
}

function placeOf({ path, line }: Record<string, unknown>): { path: string; line: number } {
  return { path: text(path), line: typeof line === 'number' ? line : 1 };
}

function objects(value: unknown): Array<Record<string, unknown>> {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

const SURVIVORS_SHOWN = 60;

/** Breaks that no test noticed, line by line; for a role that judges the change. */
export function survivorsIn(report: ExperimentReport): string[] {
  const left = report.units.filter(({ outcome }) => outcome === 'unnoticed');
  const shown = left
    .slice(0, SURVIVORS_SHOWN)
    .map(({ path, line, broken, asked }) => `${path}:${line} ${broken} (asked ${asked === 2 ? 'twice' : 'once'})`);
  return left.length > shown.length ? [...shown, `and ${left.length - shown.length} more`] : shown;
}
