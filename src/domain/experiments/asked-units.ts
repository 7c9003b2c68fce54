/**
 * Units that were broken, with the outcome of the test runs, and the findings that follow. Pure.
 *
 * `repeated` is the result of a second run, on a commit that contains the break: a finding needs two unnoticed runs.
 */
import type { Answer } from './compare';
import type { Unit } from './units';

export interface AskedUnit {
  unit: Unit;
  answer: Answer;
  /** The result of the second run; null if there was none. */
  repeated: Answer | null;
}

export interface ExperimentFinding {
  kind:
    | 'function_not_needed'
    | 'file_not_needed'
    | 'statement_not_needed'
    | 'guard_taken_away'
    | 'branch_never_taken'
    | 'share_below_floor'
    | 'test_shows_nothing'
    | 'comment_turns_red'
    | 'needs_assertions'
    | 'passes_only_beside'
    | 'kept_not_shown'
    | 'nothing_asked'
    | 'answers_differ';
  path: string;
  line: number;
  /** The observation, in one line. */
  says: string;
  /**
   * The text that an approval refers to. It does not depend on which breaks the budget allowed. Absent: the approval refers to
   * `line` and `says`.
   */
  claim?: string;
  mender: 'code_writer' | 'test_auditor' | 'person';
}

/** The outcome of a unit over both runs. */
export function outcomeOf({ answer, repeated }: AskedUnit): Answer['outcome'] {
  if (answer.outcome === 'unnoticed' && repeated?.outcome === 'noticed') return 'noticed';
  return answer.outcome;
}

/** True if the second run did not notice the break either. */
export const isUnnoticedTwice = (asked: AskedUnit): boolean => asked.repeated?.outcome === 'unnoticed';

/** True if no test noticed the break in both runs. */
export const isUnneeded = (asked: AskedUnit): boolean => outcomeOf(asked) === 'unnoticed' && isUnnoticedTwice(asked);

export function createFinding(
  kind: ExperimentFinding['kind'],
  { path, line }: Pick<Unit, 'path' | 'line'>,
  says: string,
): ExperimentFinding {
  return { kind, path, line, says: says.slice(0, 400), mender: 'code_writer' };
}

/** Makes a finding from breaks. The breaks vary with the budget, so they are not part of the claim that a person approves. */
export function createBreakFinding(
  kind: ExperimentFinding['kind'],
  at: Pick<Unit, 'path' | 'line'>,
  { claim, breaks, seen = claim }: { claim: string; breaks: string[]; seen?: string },
): ExperimentFinding {
  return { ...createFinding(kind, at, `${seen} (${breaks.slice(0, 3).join('; ')})`), claim };
}
