/**
 * Breaks the units of the change one at a time and runs the tests: a test must fail. A break that no test notices is tried once more,
 * as a commit and with the complete suite.
 */
import type { Budget } from '../../domain/experiments/budget';
import { unitsToRepeat } from '../../domain/experiments/judge';
import { filesToLoad } from '../../domain/experiments/judge-files';
import { createLoadBreak } from '../../domain/experiments/loading';
import type { AskedUnit } from '../../domain/experiments/judge';
import type { Answer } from '../../domain/experiments/compare';
import { isUnrun, orderUnits } from '../../domain/experiments/order';
import { brokenText } from '../../domain/experiments/units';
import type { Unit } from '../../domain/experiments/units';
import { runExperiment, runExperimentOnCommit, isByFiles } from './run-experiment';
import type { Broken } from './run-experiment';
import { runTestFilesOnly } from './try-comment';
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
/** At least this many breaks are tried of a suite that takes longer than `SLOW_SUITE_MS`. */
const MIN_BREAKS_OF_SLOW_SUITE = 2;
const SLOW_SUITE_MS = 5_000;

/** Gives the least number of breaks to try, which is at most about a quarter of the budget's runs. */
function minBreaks(suiteMs: number, { runs }: Budget): number {
  const wanted = suiteMs < SLOW_SUITE_MS ? MIN_BREAKS : MIN_BREAKS_OF_SLOW_SUITE;
  return Math.min(wanted, Math.max(MIN_BREAKS_OF_SLOW_SUITE, Math.floor(runs / 4)));
}

/** Stands for the first answer of a break in a line that no test runs: only its second try is a real run. */
const UNNOTICED: Answer = { outcome: 'unnoticed', red: [] };

export async function breakUnits(subject: Subject): Promise<AskedUnits> {
  const { material, series, reference, candidate } = subject;
  const { clock } = series;
  const ordered = orderUnits(material.units);
  const unrun = ordered.filter((unit) => isUnrun(unit, candidate.run.coverage));
  const units = ordered.filter((unit) => !unrun.includes(unit));
  const minCount = minBreaks(candidate.run.durationMs, series.clock.budget);
  const maxFirstRuns = Math.max(minCount, Math.floor(clock.budget.runs * (1 - RESERVE_SHARE)));
  const reserveMs = clock.budget.seconds * 1_000 * RESERVE_SHARE;
  let begun = 0;
  const isOver = (): boolean => {
    begun += 1;
    return (
      begun > minCount && (clock.isUsedUpAfter(candidate.run.durationMs + reserveMs) || clock.runs() >= maxFirstRuns)
    );
  };
  const answers = await runConcurrently(units, isOver, (unit) =>
    runExperiment(series, reference, brokenBy(subject, unit)),
  );
  const firstAnswers = [...answers, ...unrun.map((item) => ({ item, answer: UNNOTICED }))].map(
    ({ item, answer }): AskedUnit => ({ unit: item, answer, repeated: null }),
  );
  const leftCount = ordered.length - firstAnswers.length;
  const notes = [
    ...(leftCount === 0
      ? []
      : [`${leftCount} of ${ordered.length} breaks of the change were not tried: the budget was used up`]),
    ...(unrun.length === 0
      ? []
      : [`${unrun.length} breaks are in lines that no test runs, by the project's own coverage`]),
  ];
  const repeated = await repeatUnnoticed(subject, await repeatByTestFiles(subject, firstAnswers));
  const loaded = await tryLoading(subject, repeated.asked);
  return { asked: [...repeated.asked, ...loaded], notes: [...notes, ...repeated.notes] };
}

/** Where the test command failed before its tests, for example at a style check: tries the break again by the test files alone. */
async function repeatByTestFiles(subject: Subject, asked: AskedUnit[]): Promise<AskedUnit[]> {
  const withoutTests = asked.filter(({ answer }) => answer.outcome === 'not_run');
  if (withoutTests.length === 0 || isByFiles(subject.series, subject.candidate.method)) return asked;
  const testFilesOnly = await runTestFilesOnly(subject);
  if (testFilesOnly === undefined) return asked;
  const isOver = (): boolean => testFilesOnly.series.clock.isUsedUpAfter(subject.candidate.run.durationMs);
  const answers = await runConcurrently(withoutTests, isOver, ({ unit }) =>
    runExperiment(testFilesOnly.series, testFilesOnly.reference, brokenBy(subject, unit)),
  );
  const answerByUnit = new Map(answers.map(({ item, answer }) => [item, answer]));
  return asked.map((unit) => ({ ...unit, answer: answerByUnit.get(unit) ?? unit.answer }));
}

/** The second try may extend the time budget by this factor, so that findings do not depend on the speed of a suite. */
const TIME_EXTENSION = 4 / 3;

async function repeatUnnoticed(subject: Subject, first: AskedUnit[]): Promise<AskedUnits> {
  const { series, candidate, allTests } = subject;
  const floor = candidate.overrides?.floor_percent;
  const minCount = minBreaks(candidate.run.durationMs, series.clock.budget);
  const limitMs = series.clock.budget.seconds * 1_000 * TIME_EXTENSION;
  let asked = first;
  for (let open = unitsToRepeat(asked, floor); open.length > 0; open = unitsToRepeat(asked, floor)) {
    let begun = 0;
    const isOver = (): boolean => {
      begun += 1;
      return begun > minCount && series.clock.seconds() * 1_000 + candidate.run.durationMs > limitMs;
    };
    const answers = await runConcurrently(open, isOver, (unit) =>
      runExperimentOnCommit(allTests.series, allTests.reference, brokenBy(subject, unit)),
    );
    const byUnit = new Map(answers.map(({ item, answer }) => [item, answer]));
    asked = asked.map((unit) => ({ ...unit, repeated: unit.repeated ?? byUnit.get(unit.unit) ?? null }));
    if (answers.length < open.length) {
      const missingCount = open.length - answers.length;
      return {
        asked,
        notes: [`${missingCount} breaks that no test noticed were not tried a second time: the budget was used up`],
      };
    }
  }
  return { asked, notes: [] };
}

const MAX_LOADING_FILES = 6;

/** Shows for files with findings whether a test run loads them at all: it breaks their loading, and tries an unnoticed break twice. */
async function tryLoading(subject: Subject, asked: AskedUnit[]): Promise<AskedUnit[]> {
  const { series, reference, allTests, material } = subject;
  return runConcurrently(
    filesToLoad(asked).slice(0, MAX_LOADING_FILES),
    () => false,
    async ({ path, line }): Promise<AskedUnit> => {
      const text = material.sources.find((file) => file.path === path)?.after ?? '';
      const unit = createLoadBreak(path, text, line);
      const answer = await runExperiment(series, reference, brokenBy(subject, unit));
      const isOpen = answer.outcome === 'unnoticed';
      const repeated = isOpen
        ? await runExperimentOnCommit(allTests.series, allTests.reference, brokenBy(subject, unit))
        : null;
      return { unit, answer, repeated };
    },
  ).then((answers) => answers.map(({ answer }) => answer));
}

function brokenBy({ material }: Subject, { path, edit }: Unit): Broken {
  const text = material.sources.find((file) => file.path === path)?.after ?? '';
  return [{ path, text: brokenText(path, text, edit) }];
}
