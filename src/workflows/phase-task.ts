/**
 * Makes the task of an activity from the state of a build: what a role works from, and what the build may spend.
 */
import type { PhaseTask, StepTask, TaskMoney } from '../activities/contract';
import { adoptedAttempt } from '../domain/build/adopt';
import { spentBy } from '../domain/build/spend';
import type { BuildState, PersonNote } from '../domain/build/state';
import { diagnosisFor } from '../domain/build/stuck';
import { PHASE_OWNER } from '../domain/roles';
import type { Phase } from '../domain/roles';

export function taskOf(build: BuildState, phase: Phase): PhaseTask {
  const { projectId, buildId, userId, generation, turn, request, requestKey, base, commit } = build;
  const { feedback, answers, failing } = build;
  const { locked, approvals, coverageFloorPercent, survey } = build;
  const outputs = Object.fromEntries(Object.entries(build.outputs).map(([name, ref]) => [name, ref.digest]));
  const sources = Object.fromEntries(Object.entries(build.outputs).map(([name, ref]) => [name, ref.source]));
  const attempt = build.attempts[phase];
  const evidence = phase === 'verification' || phase === 'deployment' ? build.evidence : null;
  const adopts = adoptedAttempt(build, phase);
  const position = { phase, generation, attempt, turn };
  return {
    projectId,
    buildId,
    userId,
    ...position,
    request,
    requestKey,
    outputs,
    sources,
    base,
    commit,
    feedback,
    ...(failing === undefined ? {} : { failing }),
    answers,
    evidence,
    survey,
    locked,
    approvals,
    ...conversationOf(build),
    ...(adopts === undefined ? {} : { adopts }),
    coverageFloorPercent,
    ...stuckTaskOf(build, phase),
  };
}

function stuckTaskOf(build: BuildState, phase: Phase): Pick<PhaseTask, 'stuck'> {
  const { stuckAfter } = build;
  if (stuckAfter === undefined) return {};
  const diagnosis = diagnosisFor(build, phase);
  const isStronger = build.stuck?.stronger === PHASE_OWNER[phase];
  return {
    stuck: {
      after: stuckAfter,
      ...(diagnosis === undefined ? {} : { diagnosis }),
      ...(isStronger ? { isStronger } : {}),
    },
  };
}

/** The answers of people that still hold, with their questions: a rollback takes later answers back. */
function conversationOf({ conversation = [], answers }: BuildState): Pick<PhaseTask, 'conversation'> {
  const holding = conversation.filter(({ id, answer }) => answers[id] === answer);
  return holding.length === 0 ? {} : { conversation: holding };
}

export function notesMember(notes: PersonNote[]): Pick<StepTask, 'notes'> {
  return notes.length === 0 ? {} : { notes };
}

/** What the build may spend and has spent; undefined without a budget. */
export function taskMoneyOf(build: BuildState): TaskMoney | undefined {
  const { budget, uncountedCalls = [] } = build;
  return budget === undefined ? undefined : { budget, spent: spentBy(build), uncounted: uncountedCalls };
}

export function moneyMember(money: TaskMoney | undefined): Pick<PhaseTask, 'money'> {
  return money === undefined ? {} : { money };
}
