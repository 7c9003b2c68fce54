/**
 * Breaks the units of the change one at a time and runs the tests: a test must fail. A break that no test notices is tried once more,
 * as a commit and with the complete suite.
 */
import type { Budget } from '../../domain/experiments/budget';
import { unitsToRepeat } from '../../domain/experiments/judge';
import { filesToLoad } from '../../domain/experiments/judge-files';
import { unloadable } from '../../domain/experiments/loading';
import type { AskedUnit } from '../../domain/experiments/judge';
import type { Answer } from '../../domain/experiments/compare';
import { isUnrun, orderUnits } from '../../domain/experiments/order';
import { brokenText } from '../../domain/experiments/units';
import type { Unit } from '../../domain/experiments/units';
import { ask, askWithCommit, isByFiles } from './ask';
import type { Broken } from './ask';
import { askBare } from './ask-comment';
import { runConcurrently } from './clock';
import type { Subject } from './subject';

export interface AskedUnits {
  asked: AskedUnit[];
  notes: string[];
}

/** The share of the budget that is reserved for the second try of unnoticed breaks. */
const RESERVE_SHARE = 0.3;
/** At least this many breaks are tried, even on a slow machine. */
const MIN_BREAKS = 8;
/** The same for a suite that takes longer than `SLOW_SUITE_MS`. */
const MIN_BREAKS_OF_SLOW_SUITE = 2;
const SLOW_SUITE_MS = 5_000;

/** Gives the least number of breaks to try; at most about a quarter of the budget's runs. */
function minBreaks(suiteMs: number, { runs }: Budget): number {
  const wanted = suiteMs < SLOW_SUITE_MS ? MIN_BREAKS : MIN_BREAKS_OF_SLOW_SUITE;
  return Math.min(wanted, Math.max(MIN_BREAKS_OF_SLOW_SUITE, Math.floor(runs / 4)));
}

/** The answer for a break in a line that no test runs, without a first run. Its second try is a real run. */
const UNNOTICED: Answer = { outcome: 'unnoticed', red: [] };

export async function askUnits(subject: Subject): Promise<AskedUnits> {
  const { material, series, reference, candidate } = subject;
  const { clock } = series;
  const ordered = orderUnits(material.units);
  const unrun = ordered.filter((unit) => isUnrun(unit, candidate.run.coverage));
  const units = ordered.filter((unit) => !unrun.includes(unit));
  const least = minBreaks(candidate.run.durationMs, series.clock.budget);
  const askable = Math.max(least, Math.floor(clock.budget.runs * (1 - RESERVE_SHARE)));
  const reserveMs = clock.budget.seconds * 1_000 * RESERVE_SHARE;
  let begun = 0;
  const isOver = (): boolean => {
    begun += 1;
    return begun > least && (clock.isOver(candidate.run.durationMs + reserveMs) || clock.runs() >= askable);
  };
  const answers = await runConcurrently(units, isOver, (unit) => ask(series, reference, brokenBy(subject, unit)));
  const first = [...answers, ...unrun.map((item) => ({ item, answer: UNNOTICED }))].map(
    ({ item, answer }): AskedUnit => ({ unit: item, answer, repeated: null }),
  );
  const left = ordered.length - first.length;
  const notes = [
    ...(left === 0 ? [] : [`${left} of ${ordered.length} breaks of the change were not asked: the budget was used up`]),
    ...(unrun.length === 0
      ? []
      : [`${unrun.length} breaks are in lines that no test runs, by the project's own count`]),
  ];
  const repeated = await askAgain(subject, await askTestsOnly(subject, first));
  const loaded = await askLoading(subject, repeated.asked);
  return { asked: [...repeated.asked, ...loaded], notes: [...notes, ...repeated.notes] };
}

/** Tries breaks again by the test files alone where the test command failed before its tests, for example at a style check. */
async function askTestsOnly(subject: Subject, asked: AskedUnit[]): Promise<AskedUnit[]> {
  const withoutTests = asked.filter(({ answer }) => answer.outcome === 'not_run');
  if (withoutTests.length === 0 || isByFiles(subject.series, subject.candidate.method)) return asked;
  const bare = await askBare(subject);
  if (bare === undefined) return asked;
  const isOver = (): boolean => bare.series.clock.isOver(subject.candidate.run.durationMs);
  const answers = await runConcurrently(withoutTests, isOver, ({ unit }) =>
    ask(bare.series, bare.reference, brokenBy(subject, unit)),
  );
  const answerByUnit = new Map(answers.map(({ item, answer }) => [item, answer]));
  return asked.map((unit) => ({ ...unit, answer: answerByUnit.get(unit) ?? unit.answer }));
}

/** The second try may extend the time budget by this factor, so that findings do not depend on the speed of a suite. */
const TIME_EXTENSION = 4 / 3;

async function askAgain(subject: Subject, first: AskedUnit[]): Promise<AskedUnits> {
  const { series, candidate, whole } = subject;
  const floor = candidate.overrides?.floor_percent;
  const least = minBreaks(candidate.run.durationMs, series.clock.budget);
  const limitMs = series.clock.budget.seconds * 1_000 * TIME_EXTENSION;
  let asked = first;
  for (let open = unitsToRepeat(asked, floor); open.length > 0; open = unitsToRepeat(asked, floor)) {
    let begun = 0;
    const isOver = (): boolean => {
      begun += 1;
      return begun > least && series.clock.seconds() * 1_000 + candidate.run.durationMs > limitMs;
    };
    const answers = await runConcurrently(open, isOver, (unit) =>
      askWithCommit(whole.series, whole.reference, brokenBy(subject, unit)),
    );
    const byUnit = new Map(answers.map(({ item, answer }) => [item, answer]));
    asked = asked.map((unit) => ({ ...unit, repeated: unit.repeated ?? byUnit.get(unit.unit) ?? null }));
    if (answers.length < open.length) {
      const missing = open.length - answers.length;
      return { asked, notes: [`${missing} breaks that no test noticed were not asked again: the budget was used up`] };
    }
  }
  return { asked, notes: [] };
}

const MAX_LOADING_FILES = 6;

/** Tries for files with findings whether a test run loads them at all, by a break that stops the loading; twice, where unnoticed. */
async function askLoading(subject: Subject, asked: AskedUnit[]): Promise<AskedUnit[]> {
  const { series, reference, whole, material } = subject;
  return runConcurrently(
    filesToLoad(asked).slice(0, MAX_LOADING_FILES),
    () => false,
    async ({ path, line }): Promise<AskedUnit> => {
      const text = material.sources.find((file) => file.path === path)?.after ?? '';
      const unit = unloadable(path, text, line);
      const answer = await ask(series, reference, brokenBy(subject, unit));
      const isOpen = answer.outcome === 'unnoticed';
      const repeated = isOpen ? await askWithCommit(whole.series, whole.reference, brokenBy(subject, unit)) : null;
      return { unit, answer, repeated };
    },
  ).then((answers) => answers.map(({ answer }) => answer));
}

function brokenBy({ material }: Subject, { path, edit }: Unit): Broken {
  const text = material.sources.find((file) => file.path === path)?.after ?? '';
  return [{ path, text: brokenText(path, text, edit) }];
}
