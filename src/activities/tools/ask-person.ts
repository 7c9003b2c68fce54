/**
 * The tool `ask_person`: a role asks a person where a requirement and the code contradict each other. The attempt goes on with the
 * answer, which then stands in the place of the tool's result.
 */
import { z } from 'zod';
import type { Phase } from '../../domain/roles';
import { refused, tool } from './tool-context';

/** The phases whose role may ask. Discovery asks by its output, and deployment decides by what was verified. */
export const ASKING_PHASES: readonly Phase[] = ['planning', 'implementation', 'testing', 'verification'];
/** The most questions of one attempt. */
export const QUESTIONS_LIMIT = 3;
export const NOT_ANSWERED_YET = 'asked; the answer of a person will stand here';

const words = z.string().trim().min(1).max(600);

export const askPerson = tool({
  description:
    'Asks a person, only where a requirement and the code cannot both hold, whatever way they are read. The work waits, perhaps for days, and goes on with the answer.',
  input: z.object({
    question: words.describe('One question with its choices.'),
    requirement: words.describe('The id and the words of the requirement.'),
    contradiction: words.describe('What in the code it contradicts: file, line, what it does.'),
  }),
  // The conversation keeps the question; `takeStep` makes the build wait.
  carryOut(context, { question, requirement, contradiction }) {
    if ((context.questionsLeft ?? 0) <= 0)
      return Promise.resolve(
        refused(
          `at most ${QUESTIONS_LIMIT} questions an attempt: decide yourself, and say in your answer what you took as true`,
        ),
      );
    const text = `${question}\nRequirement: ${requirement}\nContradiction: ${contradiction}`;
    return Promise.resolve({ output: NOT_ANSWERED_YET, question: text });
  },
});
