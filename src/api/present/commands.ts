/**
 * Presents the answers to commands under their wire names. A claim of a role is never shown as measured.
 *
 * A command that is not in `PRESENTERS` answers with its own fields and the state of the build.
 */
import type { CommandAnswer } from '../../domain/build/state';
import type { CommandName, FieldsOf } from '../../domain/commands';
import type { Wire } from '../../domain/commands/fields';
import { firstMember } from '../../domain/json';
import { ROLE_TITLE } from '../../domain/roles';
import { describeState, nextRoleOf } from '../../domain/states';
import type { State } from '../../domain/states';
import { retryTarget } from '../../domain/transitions';
import type { ApiDeps } from '../deps';
import { findHandedOver } from './handed-over';
import type { HandedOver } from './handed-over';

interface AnsweredCommand<F> {
  workflowId: string;
  answer: CommandAnswer;
  /** The fields of the command, parsed. */
  fields: F;
  /** The body of the request in its canonical form. */
  body: Wire;
}
interface Presenter<F> {
  present(answered: AnsweredCommand<F>, deps: ApiDeps): Promise<object> | object;
}

const PRESENTERS: { readonly [N in CommandName]?: Presenter<FieldsOf<N>> } = {
  advance: {
    async present({ workflowId, answer, body }, deps) {
      const handedOver = await findHandedOver(deps, { workflowId, answer, result: body.phase_result });
      return presentAdvanced(workflowId, answer, handedOver);
    },
  },
  retry: { present: ({ workflowId, answer, fields }) => presentRetried(workflowId, answer, fields.reason) },
  rollback: { present: ({ workflowId, answer, fields }) => presentRolledBack(workflowId, answer, fields.reason) },
  cancel: { present: (answered) => presentDone(answered, { cancelled: true, reason: answered.fields.reason }) },
  pause: { present: (answered) => presentDone(answered, { paused: true }) },
  resume: { present: (answered) => presentDone(answered, { paused: false }) },
  answer: { present: (answered) => presentDone(answered, { answered: Object.keys(answered.fields.answers) }) },
  approve: {
    present: (answered) => presentDone(answered, { approved: answered.fields.gate, digest: answered.fields.digest }),
  },
  reject: {
    present: (answered) => presentDone(answered, { rejected: answered.fields.gate, digest: answered.fields.digest }),
  },
};

export async function presentCommand(
  deps: ApiDeps,
  { name, ...answered }: AnsweredCommand<Record<string, unknown>> & { name: CommandName },
): Promise<object> {
  const presenter: Presenter<never> | undefined = PRESENTERS[name];
  return presenter?.present(answered as AnsweredCommand<never>, deps) ?? presentDone(answered, answered.fields);
}

function presentAdvanced(workflowId: string, answer: CommandAnswer, handedOver: HandedOver) {
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
      previous_phase: handedOver.phase,
      previous_phase_output: handedOver.content,
      source: handedOver.source,
      instructions: instructionsFor(newState),
      ...presentByPhase(handedOver, newState),
    },
    is_complete: newState === 'complete',
    state_description: describeState(newState),
  };
}

const RETRIES_USED_UP =
  'the retries of this phase are used up, so it was not started again; a person is needed: request-retry (which allows new retries), rollback or cancel';

function presentRetried(workflowId: string, answer: CommandAnswer, reason: string) {
  const { previousState, newState } = answer;
  // `error` here means that the limit of retries was reached. A retry out of `error` starts with new retries.
  const areRetriesUsedUp = newState === 'error';
  return {
    workflow_id: workflowId,
    retry_requested: true,
    previous_state: areRetriesUsedUp ? retryTarget(previousState, null) : newState,
    new_state: newState,
    ...(areRetriesUsedUp ? { note: RETRIES_USED_UP } : {}),
    requested_in: answer.previousState,
    reason,
    notification_sent: answer.isTold === true,
    timestamp: answer.at,
  };
}

function presentRolledBack(workflowId: string, answer: CommandAnswer, reason: string) {
  return {
    workflow_id: workflowId,
    rollback_successful: true,
    previous_state: answer.previousState,
    new_state: answer.newState,
    reason,
    rolled_back_by: answer.actor,
    ...(answer.isTold === true ? { notification_sent: true } : {}),
    timestamp: answer.at,
  };
}

/** Presents a command by its outcome, its actor and the state of the build. */
function presentDone({ workflowId, answer }: AnsweredCommand<unknown>, outcome: object) {
  const { newState, actor, at, revision } = answer;
  return { workflow_id: workflowId, ...outcome, current_state: newState, by: actor, revision, timestamp: at };
}

function instructionsFor(state: State): string {
  const role = nextRoleOf(state);
  if (role === null) return describeState(state);
  return `${describeState(state)}. Next: ${ROLE_TITLE[role]}, who completes "${state}" or is driven by a model.`;
}

function presentByPhase(handedOver: HandedOver, newState: State): Record<string, unknown> {
  const { phase, content, requirements } = handedOver;
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
      return presentTests(handedOver);
    case 'verification':
      return {
        verification_report: firstMember(content, 'verification_report', 'report') ?? content,
        approved_for_deployment: isApproved(content, newState),
      };
    default:
      return {};
  }
}

/** `coverage` has a number only if the orchestrator measured a test run; other numbers are marked as claimed. */
function presentTests({ content, evidence }: HandedOver) {
  const report = firstMember(content, 'test_results', 'results') ?? content;
  if (evidence === null) {
    const claimed = firstMember(content, 'coverage');
    return {
      test_results: { claimed: true, results: report },
      coverage: null,
      coverage_note: 'not measured: the orchestrator has no test run for this result',
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
      report,
    },
    coverage: coveragePercent,
  };
}

/** A build that continues to deployment is approved, unless its report says that it is not. */
function isApproved(content: unknown, newState: State): boolean {
  const claimed = firstMember(content, 'approved_for_deployment', 'approved');
  return (newState === 'handoff_to_releaser' || newState === 'deployment') && claimed !== false;
}
