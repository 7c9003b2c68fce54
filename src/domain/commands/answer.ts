/**
 * `answer`: gives answers to open questions, singly or together, in any order. With the last one that is needed the role goes on.
 */
import type { BuildState } from '../build/state';
import { isObject } from '../json';
import { isAnswered, isAnsweredSingly, openQuestions, takeAnswers } from '../people/questions';
import { accept, defineCommand } from './command';
import { clip, readAs, show, text, unreadable } from './fields';
import type { Field } from './fields';
import { refuse } from './refusals';

const answersByQuestion: Field<Record<string, string>> = {
  read({ field, value, ...message }) {
    if (!isObject(value) || Object.keys(value).length === 0) {
      return unreadable(field, `must be an object {question_id: text}, not ${show(value)}`);
    }
    for (const [id, one] of Object.entries(value)) {
      const reading = text.read({ ...message, field: `${field}.${clip(id)}`, value: one });
      if (reading.kind === 'unreadable') return reading;
    }
    return readAs(value as Record<string, string>);
  },
};

export const answer = defineCommand({
  name: 'answer',
  path: 'answer',
  needs: 'operate',
  description: 'answers open questions, singly or together, as {question_id: text}',
  fields: { answers: answersByQuestion },
  refusals: {
    'Command.NothingAsked': { status: 409, title: 'No question is open' },
    'Command.AlreadyAnswered': { status: 409, title: 'The question is answered' },
  },
  decide(build, { answers }, cause) {
    const openIds = openQuestions(build).map(({ id }) => id);
    const repeated = Object.keys(answers).find((id) => isAnswered(build, { id }) && !openIds.includes(id));
    if (build.questions.length === 0) {
      if (repeated !== undefined) return refuse(build, alreadyAnswered(repeated, []));
      return refuse(build, { type: 'Command.NothingAsked', message: 'no question is open' });
    }
    const problem = findMismatch(build, answers);
    if (problem !== null) {
      const message = `${problem}; open are ${openIds.join(', ')}`;
      return refuse(build, { type: 'Command.Malformed', message, field: 'answers', legal: openIds });
    }
    if (repeated !== undefined && build.questionPolicy?.secondAnswer !== 'replace')
      return refuse(build, alreadyAnswered(repeated, openIds));
    return accept(takeAnswers(build, answers, cause));
  },
});

function alreadyAnswered(id: string, openIds: string[]) {
  const stillOpen = openIds.length === 0 ? 'no question is open' : `open are ${openIds.join(', ')}`;
  const message = `question "${clip(id)}" is answered already; ${stillOpen}. Send a note, or roll back, to say something else`;
  return { type: 'Command.AlreadyAnswered' as const, message, field: 'answers', legal: openIds };
}

/** Returns why the answers do not match the questions, or null. A round of an older worker needs all answers at once. */
function findMismatch(build: BuildState, answers: Record<string, string>): string | null {
  const asked = build.questions.map(({ id }) => id);
  const unknown = Object.keys(answers).find((id) => !asked.includes(id));
  if (unknown !== undefined) return `"${unknown.slice(0, 60)}" is not an open question`;
  if (isAnsweredSingly(build)) return null;
  const missing = asked.find((id) => !Object.hasOwn(answers, id));
  return missing === undefined ? null : `question "${missing}" is not answered`;
}
