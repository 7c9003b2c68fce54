/**
 * Makes and reads the trailer at the end of each published commit, which names the build and attempt that made it.
 *
 * Only the last paragraph of a message counts, since a model may write the same lines before it.
 */
import { workflowIdOf } from './ids';
import type { AttemptId, BuildId } from './ids';
import { isPhase } from './roles';
import type { Phase } from './roles';

const TRAILER =
  /^Q-Build: (.+)\nQ-Phase: (\w+)\nQ-Generation: (\d+)\nQ-Attempt: (\d+)\nQ-Turn: (\d+)(?:\nQ-Step: (\d+))?$/;

/** The attempt that made a commit. Work of a later turn replaces the work of an earlier one. */
export interface WorkMark extends AttemptId {
  phase: Phase;
  /** The step that made this commit, if the attempt made more than one. */
  step?: number;
}

export function trailerOf(build: BuildId, { phase, generation, attempt, turn, step }: WorkMark): string {
  return [
    `Q-Build: ${workflowIdOf(build)}`,
    `Q-Phase: ${phase}`,
    `Q-Generation: ${generation}`,
    `Q-Attempt: ${attempt}`,
    `Q-Turn: ${turn}`,
    ...(step === undefined ? [] : [`Q-Step: ${step}`]),
  ].join('\n');
}

/** Reads the mark of this build's commit; undefined for any other commit. */
export function markOf(build: BuildId, message: string): WorkMark | undefined {
  const lastParagraph = message.trimEnd().split('\n\n').at(-1) ?? '';
  const [, workflowId, phase, ...numbers] = TRAILER.exec(lastParagraph) ?? [];
  const [generation = 0, attempt = 0, turn = 0, step = 0] = numbers.map((text) => Number(text ?? 0));
  if (workflowId !== workflowIdOf(build) || !isPhase(phase)) return undefined;
  return { phase, generation, attempt, turn, ...(step === 0 ? {} : { step }) };
}
