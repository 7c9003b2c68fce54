/**
 * Necessity: units of the change are broken one at a time, and a test must notice. What would accuse is asked once more, on a commit
 * with the break in it and with the whole suite.
 */
import type { Budget } from '../../domain/experiments/budget';
import { toRepeat } from '../../domain/experiments/judge';
import { toLoad } from '../../domain/experiments/judge-files';
import { unloadable } from '../../domain/experiments/loading';
import type { AskedUnit } from '../../domain/experiments/judge';
import type { Answer } from '../../domain/experiments/compare';
import { isUnrun, orderUnits } from '../../domain/experiments/order';
import { brokenText } from '../../domain/experiments/units';
import type { Unit } from '../../domain/experiments/units';
import { ask, askWithCommit, isByFiles } from './ask';
import type { Broken } from './ask';
import { askBare } from './ask-comment';
import { eachAtOnce } from './clock';
import type { Subject } from './subject';

export interface AskedUnits {
  asked: AskedUnit[];
  notes: string[];
}

/** This part of the budget is kept for asking again. */
const RESERVE = 0.3;
/** So many are asked, and asked again, however slow the machine is; of a slow suite fewer. */
const LEAST = 8;
const LEAST_OF_SLOW = 2;
const SLOW_MS = 5_000;

/** Where few runs are wanted at all, a quarter of them. */
function leastOf(suiteMs: number, { runs }: Budget): number {
  const wanted = suiteMs < SLOW_MS ? LEAST : LEAST_OF_SLOW;
  return Math.min(wanted, Math.max(LEAST_OF_SLOW, Math.floor(runs / 4)));
}

/** Of a break in a line that no test runs. What it would accuse is asked as a run like any other. */
const UNNOTICED: Answer = { outcome: 'unnoticed', red: [] };

export async function askUnits(subject: Subject): Promise<AskedUnits> {
  const { material, series, reference, candidate } = subject;
  const { clock } = series;
  const ordered = orderUnits(material.units);
  const unrun = ordered.filter((unit) => isUnrun(unit, candidate.run.coverage));
  const units = ordered.filter((unit) => !unrun.includes(unit));
  const least = leastOf(candidate.run.durationMs, series.clock.budget);
  const askable = Math.max(least, Math.floor(clock.budget.runs * (1 - RESERVE)));
  const reserveMs = clock.budget.seconds * 1_000 * RESERVE;
  let begun = 0;
  const isOver = (): boolean => {
    begun += 1;
    return begun > least && (clock.isOver(candidate.run.durationMs + reserveMs) || clock.runs() >= askable);
  };
  const answers = await eachAtOnce(units, isOver, (unit) => ask(series, reference, brokenBy(subject, unit)));
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
  const again = await askAgain(subject, await askWithoutRest(subject, first));
  const loaded = await askLoading(subject, again.asked);
  return { asked: [...again.asked, ...loaded], notes: [...notes, ...again.notes] };
}

/** What the command answered without its tests, such as by a check of style, is asked of the test files alone. */
async function askWithoutRest(subject: Subject, asked: AskedUnit[]): Promise<AskedUnit[]> {
  const silent = asked.filter(({ answer }) => answer.outcome === 'not_run');
  if (silent.length === 0 || isByFiles(subject.series, subject.candidate.method)) return asked;
  const bare = await askBare(subject);
  if (bare === undefined) return asked;
  const isOver = (): boolean => bare.series.clock.isOver(subject.candidate.run.durationMs);
  const answers = await eachAtOnce(silent, isOver, ({ unit }) =>
    ask(bare.series, bare.reference, brokenBy(subject, unit)),
  );
  const bySilent = new Map(answers.map(({ item, answer }) => [item, answer]));
  return asked.map((one) => ({ ...one, answer: bySilent.get(one) ?? one.answer }));
}

/** Asking again may take a third of the time more: what accuses must not depend on how slow a suite is. */
const MORE_TIME = 4 / 3;

async function askAgain(subject: Subject, first: AskedUnit[]): Promise<AskedUnits> {
  const { series, candidate, whole } = subject;
  const floor = candidate.wish?.floor_percent;
  const least = leastOf(candidate.run.durationMs, series.clock.budget);
  const limitMs = series.clock.budget.seconds * 1_000 * MORE_TIME;
  let asked = first;
  for (let open = toRepeat(asked, floor); open.length > 0; open = toRepeat(asked, floor)) {
    let begun = 0;
    const isOver = (): boolean => {
      begun += 1;
      return begun > least && series.clock.seconds() * 1_000 + candidate.run.durationMs > limitMs;
    };
    const answers = await eachAtOnce(open, isOver, (unit) =>
      askWithCommit(whole.series, whole.reference, brokenBy(subject, unit)),
    );
    const byUnit = new Map(answers.map(({ item, answer }) => [item, answer]));
    asked = asked.map((one) => ({ ...one, repeated: one.repeated ?? byUnit.get(one.unit) ?? null }));
    if (answers.length < open.length) {
      const missing = open.length - answers.length;
      return { asked, notes: [`${missing} breaks that no test noticed were not asked again: the budget was used up`] };
    }
  }
  return { asked, notes: [] };
}

const MOST_FILES = 6;

/** Whether a run loads the files that would be found at all. Asked twice, as all that accuses. */
async function askLoading(subject: Subject, asked: AskedUnit[]): Promise<AskedUnit[]> {
  const { series, reference, whole, material } = subject;
  return eachAtOnce(
    toLoad(asked).slice(0, MOST_FILES),
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
