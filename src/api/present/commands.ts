/**
 * The answers to commands, in wire names. What a role merely said is never shown as measured.
 */
import type { CommandAnswer } from '../../domain/build/state';
import { firstMember } from '../../domain/json';
import { ROLE_TITLE } from '../../domain/roles';
import { describeState, nextRoleOf } from '../../domain/states';
import type { State } from '../../domain/states';
import { retryTarget } from '../../domain/transitions';
import type { HandedOver } from './handed-over';

export function presentAdvanced(workflowId: string, answer: CommandAnswer, handed: HandedOver) {
  const { previousState, newState, at } = answer;
  return {
    workflow_id: workflowId,
    previous_state: previousState,
    new_state: newState,
    next_role: nextRoleOf(newState),
    handoff_data: {
      workflow_id: workflowId,
      current_phase: newState,
      handoff_timestamp: at,
      previous_phase: handed.phase,
      previous_phase_output: handed.content,
      source: handed.source,
      instructions: instructionsFor(newState),
      ...presentByPhase(handed, newState),
    },
    is_complete: newState === 'complete',
    state_description: describeState(newState),
  };
}

const RETRIES_USED_UP =
  'the retries of this phase are used up, so it was not begun again; a person is needed: request-retry (with a fresh allowance), rollback or cancel';

export function presentRetried(workflowId: string, answer: CommandAnswer, reason: string) {
  const { previousState, newState } = answer;
  // Only the bound leads a retry to `error`, and never from there: a retry of a person begins with a fresh allowance.
  const isUsedUp = newState === 'error';
  return {
    workflow_id: workflowId,
    retry_requested: true,
    previous_state: isUsedUp ? retryTarget(previousState, null) : newState,
    new_state: newState,
    ...(isUsedUp ? { note: RETRIES_USED_UP } : {}),
    requested_in: answer.previousState,
    reason,
    // No webhook is configured yet.
    notification_sent: false,
    timestamp: answer.at,
  };
}

export function presentRolledBack(workflowId: string, answer: CommandAnswer, reason: string) {
  return {
    workflow_id: workflowId,
    rollback_successful: true,
    previous_state: answer.previousState,
    new_state: answer.newState,
    reason,
    rolled_back_by: answer.actor,
    timestamp: answer.at,
  };
}

/** Cancel, pause, resume, answer and approve: what was done, by whom, and where the build stands. */
export function presentDone(workflowId: string, answer: CommandAnswer, done: Record<string, unknown>) {
  const { newState, actor, at, revision } = answer;
  return { workflow_id: workflowId, ...done, current_state: newState, by: actor, revision, timestamp: at };
}

function instructionsFor(state: State): string {
  const role = nextRoleOf(state);
  if (role === null) return describeState(state);
  return `${describeState(state)}. Next: ${ROLE_TITLE[role]}, who completes "${state}" or is driven by a model.`;
}

function presentByPhase(handed: HandedOver, newState: State): Record<string, unknown> {
  const { phase, content, requirements } = handed;
  switch (phase) {
    case 'planning':
      return {
        implementation_plan: firstMember(content, 'implementation_plan', 'plan') ?? content,
        requirements: firstMember(content, 'requirements') ?? requirements,
      };
    case 'implementation':
      return {
        code: firstMember(content, 'code', 'files') ?? content,
        test_cases: firstMember(content, 'test_cases', 'tests') ?? null,
      };
    case 'testing':
      return presentTests(handed);
    case 'verification':
      return {
        verification_report: firstMember(content, 'verification_report', 'report') ?? content,
        approved_for_deployment: isApproved(content, newState),
      };
    default:
      return {};
  }
}

/** Numbers stand in `coverage` only where a test run was measured; else they are somebody's words, and marked so. */
function presentTests({ content, evidence }: HandedOver) {
  const said = firstMember(content, 'test_results', 'results') ?? content;
  if (evidence === null) {
    const claimed = firstMember(content, 'coverage');
    return {
      test_results: { claimed: true, results: said },
      coverage: null,
      coverage_note: 'not measured: no test run of the orchestrator stands behind this',
      ...(claimed === undefined ? {} : { coverage_claimed: { claimed: true, value: claimed } }),
    };
  }
  const { command, commit, exitCode, counts, failing, coveragePercent, at } = evidence;
  return {
    test_results: {
      claimed: false,
      command,
      commit,
      exit_code: exitCode,
      counts,
      failing,
      timestamp: at,
      report: said,
    },
    coverage: coveragePercent,
  };
}

/** Moving on towards deployment is the approval; a report that says the contrary takes it back. */
function isApproved(content: unknown, newState: State): boolean {
  const said = firstMember(content, 'approved_for_deployment', 'approved');
  return (newState === 'handoff_to_releaser' || newState === 'deployment') && said !== false;
}
