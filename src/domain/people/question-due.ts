/**
 * What an open round of questions does by itself while nobody answers: it reminds and escalates, each once. Pure.
 */
import type { DueEntry } from '../build/due';
import { recordEvent } from '../build/record-event';
import type { BuildState } from '../build/state';
import { secondsAfter } from './after';
import { openQuestions } from './questions';
import type { QuestionDue } from './questions';

export function questionDueEntries({ questions, questionRound, questionPolicy = {} }: BuildState): DueEntry[] {
  if (questions.length === 0 || questionRound === undefined) return [];
  const seconds = { reminded: questionPolicy.remindAfterS, escalated: questionPolicy.escalateAfterS };
  return (Object.keys(seconds) as QuestionDue[]).flatMap((due) => {
    const after = seconds[due];
    if (after === undefined || questionRound.fired.includes(due)) return [];
    const apply = (build: BuildState, now: string): BuildState => fire(build, due, now);
    return [{ at: secondsAfter(questionRound.openedAt, after), apply }];
  });
}

function fire(build: BuildState, due: QuestionDue, now: string): BuildState {
  const { questionRound: round, questionPolicy } = build;
  if (round === undefined) return build;
  const questions = openQuestions(build)
    .map(({ id }) => id)
    .join(', ');
  const to = due === 'escalated' ? { to: (questionPolicy?.escalateTo ?? []).join(', ') } : {};
  const questionRound = { ...round, fired: [...round.fired, due] };
  const next = { ...build, questionRound, revision: build.revision + 1 };
  return recordEvent(next, { actor: 'orchestrator', now }, { type: due, data: { questions, ...to } });
}
