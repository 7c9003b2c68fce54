/**
 * Decides which differing answers are findings: answers that changed over time in one process, and answers in a
 * production-like process. Pure.
 *
 * A function is judged only if every bare process gave all its recorded answers, and a difference counts only if a second
 * process shows it too.
 */
import { answerAtTestFolder } from './replay-setting';
import type { Answers, ReplaySetting, RecordedCall, Trial, TrialKind } from './replay-setting';

export interface Accusation {
  call: RecordedCall;
  answered: string;
  under: string;
  kind: TrialKind;
}

/** Limit of the recorder. Tests that make so many calls of a function may cover what happens after many calls. */
const MAX_RECORDED_CALLS = 200;

/** Returns the calls of functions whose answers depend only on their arguments. `isSame` is true if all bare processes agree on a call. */
export function steadyCalls(calls: RecordedCall[], isSame: (call: RecordedCall) => boolean): RecordedCall[] {
  const answers = new Map<string, string>();
  const unsteady = new Set<string>();
  for (const call of calls) {
    const callKey = `${keyOf(call)}\n${call.args}`;
    if (!isSame(call) || (answers.get(callKey) ?? call.answer) !== call.answer) unsteady.add(keyOf(call));
    answers.set(callKey, call.answer);
  }
  return calls.filter((call) => !unsteady.has(keyOf(call)));
}

export function keyOf({ path, name }: RecordedCall): string {
  return `${path}\n${name}`;
}

const CIRCUMSTANCES: Record<TrialKind, (at: number) => string> = {
  altered: () => 'after an item was added to the same objects, where equal new ones are answered otherwise',
  collected: () => 'after unused memory was collected',
  at_once: () => 'while other calls of it have not ended',
  thread: () => 'in another thread',
  many: (at) => `after the calls were made ${at} times`,
  day_later: () => 'after a day in the same process',
};

/** Returns the differing answers that a long-lived process gave for steady functions. */
export function accusationsOf(
  trials: Trial[],
  { calls, setting }: { calls: RecordedCall[]; setting: ReplaySetting },
): Accusation[] {
  const byNumber = new Map(calls.map((call) => [call.n, call]));
  const counts = new Map<string, number>();
  for (const call of calls) counts.set(keyOf(call), (counts.get(keyOf(call)) ?? 0) + 1);
  const atTestFolder = (answer: string) => answerAtTestFolder(new Map([[1, answer]]), 1, setting);
  const firstAnswers = new Map(
    trials.filter(({ kind }) => kind === 'first').map(({ n, answer }) => [n, atTestFolder(answer)]),
  );
  const unsteady = new Set(calls.filter(({ n, answer }) => firstAnswers.get(n) !== answer).map(keyOf));
  return trials.flatMap(({ n, kind, at, answer }) => {
    const call = byNumber.get(n);
    if (kind === 'first' || call === undefined || unsteady.has(keyOf(call))) return [];
    if (kind === 'many' && (counts.get(keyOf(call)) ?? 0) >= MAX_RECORDED_CALLS) return [];
    // A function without arguments may read the time or received data, so a later day explains another answer.
    if (kind === 'day_later' && hasNoArguments(call)) return [];
    return [{ call, answered: atTestFolder(answer), under: CIRCUMSTANCES[kind](at), kind }];
  });
}

/**
 * Keeps the accusations that a second process confirms. For a day later, also requires that a new process started on
 * that day (`late`) gives the recorded answer.
 */
export function confirmAccusations(
  accused: Accusation[],
  again: Accusation[],
  late: { setting: ReplaySetting; answers: Answers } | undefined,
) {
  const confirmedKeys = new Set(again.map(({ call, kind }) => `${keyOf(call)}\n${kind}`));
  const isByDate = ({ n, answer }: RecordedCall) =>
    late === undefined || answerAtTestFolder(late.answers, n, late.setting) !== answer;
  return accused.filter(
    ({ call, kind }) => confirmedKeys.has(`${keyOf(call)}\n${kind}`) && (kind !== 'day_later' || !isByDate(call)),
  );
}

/** True if the call passes no argument. */
export function hasNoArguments({ args }: RecordedCall): boolean {
  return args === '[]' || args === '[[],{}]';
}

const DATE = /\d{9}|\d[-/.:T]\d{1,2}\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|day\b|utc|gmt/i;

/** True if the call or its answers contain a date or time, so that another time zone may change them. */
export function tellsTime({ args, answer }: RecordedCall, answered: string): boolean {
  return DATE.test(args) || DATE.test(answer) || DATE.test(answered);
}

/**
 * True if an answer under another environment is a different result and not only other wording: a different number, boolean, or
 * digits of a text. Addresses, levels and languages may differ.
 */
export function isOtherResult(call: RecordedCall, answered: string): boolean {
  if (hasNoArguments(call) || !call.answer.startsWith('value ') || !answered.startsWith('value ')) return false;
  const [before, after] = [call.answer, answered].map((text) => parseJson(text.slice('value '.length)));
  return differs(before, after);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function differs(before: unknown, after: unknown): boolean {
  if (typeof before !== typeof after) return false;
  if (typeof before === 'number' || typeof before === 'boolean') return before !== after;
  if (typeof before === 'string' && typeof after === 'string')
    return !/[/:@]/.test(before + after) && before.replaceAll(/\D/g, '') !== after.replaceAll(/\D/g, '');
  if (typeof before !== 'object' || before === null || typeof after !== 'object' || after === null) return false;
  const other = new Map(Object.entries(after));
  return Object.entries(before).some(([key, value]) => other.has(key) && differs(value, other.get(key)));
}
