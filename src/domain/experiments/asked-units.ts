/**
 * A broken unit with what the tests answered, and what can be found by it. Pure.
 *
 * `repeated` is the answer of a second run, on a commit with the break in it: only what was unnoticed twice accuses.
 */
import type { Answer } from './compare';
import type { Unit } from './units';

export interface AskedUnit {
  unit: Unit;
  answer: Answer;
  /** Null where it was not asked again. */
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
  /** One line: what was seen. */
  says: string;
  /** What is found, whichever breaks the budget allowed to try: a person's approval is of this. Absent: of `line` and `says`. */
  claim?: string;
  mender: 'code_writer' | 'test_auditor' | 'person';
}

/** What a run of the tests makes of a unit after all that was asked. */
export function outcomeOf({ answer, repeated }: AskedUnit): Answer['outcome'] {
  if (answer.outcome === 'unnoticed' && repeated?.outcome === 'noticed') return 'noticed';
  return answer.outcome;
}

/** True where it was unnoticed each time, and asked twice. */
export const isSure = (asked: AskedUnit): boolean => asked.repeated?.outcome === 'unnoticed';

/** No test noticed it, whenever it was asked. */
export const isUnneeded = (asked: AskedUnit): boolean => outcomeOf(asked) === 'unnoticed' && isSure(asked);

export function found(
  kind: ExperimentFinding['kind'],
  { path, line }: Pick<Unit, 'path' | 'line'>,
  says: string,
): ExperimentFinding {
  return { kind, path, line, says: says.slice(0, 400), mender: 'code_writer' };
}

/** Found by breaks, of which the budget allows others each time. */
export function foundByBreaks(
  kind: ExperimentFinding['kind'],
  at: Pick<Unit, 'path' | 'line'>,
  { claim, breaks, seen = claim }: { claim: string; breaks: string[]; seen?: string },
): ExperimentFinding {
  return { ...found(kind, at, `${seen} (${breaks.slice(0, 3).join('; ')})`), claim };
}
