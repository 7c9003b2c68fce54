/**
 * Questions of roles to people, their answers, and what is assumed where nobody answers an optional one. Pure.
 *
 * A round is what a role has asked at once. It ends when every question that is not optional is answered, in any order.
 */
import { stepAtOf } from '../build/budget-gate';
import { recordEvent } from '../build/record-event';
import type { Cause } from '../build/sender';
import type { BuildState } from '../build/state';
import type { Phase } from '../roles';

/** A question that a role has asked. The optional members are absent in builds from before questions were answered one by one. */
export interface Question {
  id: string;
  text: string;
  /** True: the round may end without an answer; then `assumption` holds. */
  optional?: true;
  assumption?: string;
  /** The model that asked. */
  askedBy?: string;
  phase?: Phase;
}

/** What a role takes as true because nobody has answered an optional question. */
export interface Assumption {
  id: string;
  text: string;
  assumption: string;
  phase: Phase;
}

/** One question with its answer, for the role and for people. */
export interface Exchange {
  id: string;
  question: string;
  askedBy: string;
  phase: Phase;
  answer: string;
  /** Who answered, and when (ISO 8601). */
  by: string;
  at: string;
}

/** The open round, for reminders. */
export interface QuestionRound {
  openedAt: string;
  fired: QuestionDue[];
}
export type QuestionDue = 'reminded' | 'escalated';

/** The most characters of the conversation that the state keeps; events keep all of it. */
const CONVERSATION_LIMIT_CHARS = 60_000;

/** False for a round of an older worker: its questions are answered together or not at all. */
export function isAnsweredSingly({ questions }: BuildState): boolean {
  return questions.every(({ phase }) => phase !== undefined);
}

export function isAnswered({ answers }: BuildState, { id }: Pick<Question, 'id'>): boolean {
  return Object.hasOwn(answers, id);
}

/** The questions that may still be answered, optional ones too. */
export function openQuestions(build: BuildState): Question[] {
  return isAnsweredSingly(build) ? build.questions.filter((one) => !isAnswered(build, one)) : build.questions;
}

/** Opens a round. Questions of an older worker get no reminders. */
export function askQuestions(build: BuildState, questions: Question[], cause: Cause): BuildState {
  const asked = { ...build, questions, revision: build.revision + 1 };
  const ids = questions.map(({ id }) => id).join(', ');
  if (!isAnsweredSingly(asked)) return recordEvent(asked, cause, { type: 'asked', data: { ids } });
  const texts = Object.fromEntries(questions.map(({ id, text }) => [`question ${id}`, text]));
  const withRound = { ...asked, questionRound: { openedAt: cause.now, fired: [] } };
  return recordEvent(withRound, cause, { type: 'asked', data: { ids, ...texts } });
}

/** Takes answers to questions of the open round, and ends the round if no answer is missing. The caller has checked the ids. */
export function takeAnswers(build: BuildState, answers: Record<string, string>, cause: Cause): BuildState {
  const ids = Object.keys(answers);
  const repeated = isAnsweredSingly(build) ? ids.filter((id) => isAnswered(build, { id })) : [];
  const fresh = Object.fromEntries(Object.entries(answers).filter(([id]) => !repeated.includes(id)));
  const taken: BuildState = {
    ...build,
    answers: { ...build.answers, ...answers },
    ...conversationWith(build, answers, cause),
    revision: build.revision + 1,
  };
  const replaced = repeated.reduce((next, id) => {
    const data = { question: id, former: build.answers[id] ?? '', answer: answers[id] ?? '' };
    return recordEvent(next, cause, { type: 'answer_replaced', data });
  }, taken);
  const recorded =
    Object.keys(fresh).length === 0 ? replaced : recordEvent(replaced, cause, { type: 'answered', data: fresh });
  const isMissing = recorded.questions.some((one) => one.optional !== true && !isAnswered(recorded, one));
  return isMissing ? recorded : endRound(recorded, cause.now);
}

/** The role goes on: in its attempt, if that waits for the answers, or else in a new one. */
function endRound(build: BuildState, now: string): BuildState {
  const assumed = openQuestions(build).flatMap(assumptionOf);
  const { questionRound: _, ...rest } = assume(build, { assumed, now });
  const ended: BuildState = { ...(rest as BuildState), questions: [] };
  if (stepAtOf(ended) !== null) return ended;
  const attempts = { ...ended.attempts, discovery: ended.attempts.discovery + 1 };
  return { ...ended, attempts, turn: ended.turn + 1 };
}

function assumptionOf({ id, text, optional, assumption = '', phase }: Question): Assumption[] {
  return optional === true && phase !== undefined ? [{ id, text, assumption, phase }] : [];
}

/** Notes assumptions; one that the build has already is noted once. `ofPhase`: the earlier ones of this phase are replaced. */
export function assume(
  build: BuildState,
  { assumed, ofPhase, now }: { assumed: Assumption[]; ofPhase?: Phase; now: string },
): BuildState {
  const { assumptions: earlier = [] } = build;
  const isKept = ({ id, phase }: Assumption): boolean => phase !== ofPhase && assumed.every((one) => one.id !== id);
  if (assumed.length === 0 && earlier.every(isKept)) return build;
  const next: BuildState = { ...build, assumptions: [...earlier.filter(isKept), ...assumed] };
  const isNew = (one: Assumption): boolean => !earlier.some(({ id, text }) => id === one.id && text === one.text);
  return assumed.filter(isNew).reduce((noted, { id, text, assumption }) => {
    const data = { question: id, text, assumption };
    return recordEvent(noted, { actor: 'orchestrator', now }, { type: 'assumed', data });
  }, next);
}

/** Adds the answers to the conversation. The oldest exchanges leave the state when it gets long. */
function conversationWith(
  { questions, conversation = [] }: BuildState,
  answers: Record<string, string>,
  { actor, now }: Cause,
): Pick<BuildState, 'conversation'> {
  const added = questions.flatMap(({ id, text, askedBy, phase }): Exchange[] => {
    const answer = answers[id];
    if (answer === undefined || phase === undefined) return [];
    return [{ id, question: text, askedBy: askedBy ?? '', phase, answer, by: actor, at: now }];
  });
  if (added.length === 0) return {};
  // A replaced answer takes the place of the former one; its event keeps both.
  const kept = conversation.filter(({ id }) => !Object.hasOwn(answers, id));
  const all = [...kept, ...added];
  while (all.length > 1 && JSON.stringify(all).length > CONVERSATION_LIMIT_CHARS) all.shift();
  return { conversation: all };
}

/** The answers that still hold, with their questions, for a role: a rollback takes later answers back. Empty if there are none. */
export function conversationIn({ conversation = [], answers }: BuildState): { conversation?: Exchange[] } {
  const holding = conversation.filter(({ id, answer }) => answers[id] === answer);
  return holding.length === 0 ? {} : { conversation: holding };
}
