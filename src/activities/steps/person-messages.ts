/**
 * What people say to a role in the middle of its attempt: answers to the questions that it asked by a tool, and notes.
 */
import type { Outcome } from '../../domain/build/outcome';
import type { PersonNote } from '../../domain/build/state';
import { dataBlock } from '../../domain/context-blocks';
import type { Question } from '../../domain/people/questions';
import type { ModelMessage } from '../../ports/model';
import type { StepTask } from '../contract';
import { QUESTIONS_LIMIT } from '../tools/ask-person';
import type { Conversation } from './conversation';

/** A question of this attempt, and the tool call in whose result the answer will stand. */
export interface AskedQuestion {
  id: string;
  callId: string;
}

/** The questions of a step, with ids that no other step of the build has. */
export function questionsOf(
  { phase, generation, attempt, step }: StepTask,
  asked: Array<{ callId: string; text: string }>,
  askedBy: string,
): Array<Question & AskedQuestion> {
  return asked.map(({ callId, text }, index) => ({
    ...{ id: `${phase}-g${generation}-a${attempt}-s${step}-${index + 1}`, callId },
    ...{ text, askedBy, phase },
  }));
}

export function questionsLeft({ asked = [] }: Conversation): number {
  return QUESTIONS_LIMIT - asked.length;
}

/** The outcome of a step in which the role asked: the attempt goes on with the next step once the questions are answered. */
export function askingOutcome(
  { step }: StepTask,
  questions: Array<Question & AskedQuestion>,
  going: { transcript: string; tree: string; base: string | null; by: string; usage: Outcome['usage'] },
): Outcome {
  const { transcript, tree, base, by, usage } = going;
  const suspended = { step: step + 1, transcript, tree, base };
  return { kind: 'ask', by, usage, questions: questions.map(({ callId: _, ...question }) => question), suspended };
}

/** Puts the answers of people into the results of the tool calls that asked. */
export function withAnswers(conversation: Conversation, answers: Record<string, string>): Conversation {
  const { asked = [] } = conversation;
  const answerOf = new Map(
    asked.flatMap(({ id, callId }) => {
      const answer = Object.hasOwn(answers, id) ? answers[id] : undefined;
      return answer === undefined ? [] : [[callId, answer] as const];
    }),
  );
  if (answerOf.size === 0) return conversation;
  const messages = conversation.messages.map((message): ModelMessage => {
    if (message.from !== 'tools') return message;
    const results = message.results.map((result) => {
      const answer = result.name === 'ask_person' ? answerOf.get(result.id) : undefined;
      return answer === undefined ? result : { ...result, output: dataBlock('answer_of_a_person', answer) };
    });
    return { ...message, results };
  });
  return { ...conversation, messages };
}

/** Adds the notes of people as the last message. */
export function withNotes(conversation: Conversation, notes: PersonNote[] | undefined): Conversation {
  if (notes === undefined || notes.length === 0) return conversation;
  const blocks = notes.map(({ text, by, at }) => dataBlock('note', `${by}, ${at}\n${text}`));
  const text = `A person who follows this build left a note. Consider it in what you do next.\n\n${blocks.join('\n\n')}`;
  const messages: ModelMessage[] = [...conversation.messages, { from: 'user', text }];
  // A note is no unusable answer: it stays when the conversation goes back to its usable part.
  const sound = conversation.unusable === 0 ? messages.length : conversation.sound;
  return { ...conversation, messages, sound };
}

/** Marks an outcome of a step whose conversation has the notes, so that no later step is given them again. */
export function withNotesGiven(outcome: Outcome, notes: PersonNote[] | undefined): Outcome {
  return notes === undefined || notes.length === 0 ? outcome : { ...outcome, notesGiven: notes.length };
}
