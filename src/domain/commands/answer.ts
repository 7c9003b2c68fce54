/**
 * `answer`: gives the answers to all open questions of discovery, which then runs again.
 */
import { recordEvent } from '../build/record-event';
import { isObject } from '../json';
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
  description: 'answers the open questions of discovery, as {question_id: text}',
  fields: { answers: answersByQuestion },
  refusals: { 'Command.NothingAsked': { status: 409, title: 'No question is open' } },
  decide(build, { answers }, cause) {
    const openIds = build.questions.map((question) => question.id);
    if (openIds.length === 0) return refuse(build, { type: 'Command.NothingAsked', message: 'no question is open' });
    const problem = findMismatch(openIds, answers);
    if (problem !== null) {
      const message = `${problem}; open are ${openIds.join(', ')}`;
      return refuse(build, { type: 'Command.Malformed', message, field: 'answers', legal: openIds });
    }
    const attempts = { ...build.attempts, discovery: build.attempts.discovery + 1 };
    const counters = { attempts, turn: build.turn + 1, revision: build.revision + 1 };
    const next = { ...build, ...counters, answers: { ...build.answers, ...answers }, questions: [] };
    return accept(recordEvent(next, cause, { type: 'answered', data: answers }));
  },
});

/** Returns why the answers do not match the open questions, or null if each open question has one answer. */
function findMismatch(open: string[], answers: Record<string, string>): string | null {
  const unknown = Object.keys(answers).find((id) => !open.includes(id));
  if (unknown !== undefined) return `"${unknown.slice(0, 60)}" is not an open question`;
  const missing = open.find((id) => !Object.hasOwn(answers, id));
  return missing === undefined ? null : `question "${missing}" is not answered`;
}
