/**
 * Applies the outcome of an activity to a build: a finished phase, questions, a failure, a wait, or a passed handoff.
 *
 * This is where gates take effect: a phase that a model worked on advances only if the evidence allows it.
 */
import type { Evidence } from '../evidence/evidence';
import { isApproved, needsPerson, rejectionsOf, replaceFindings } from '../findings';
import type { Finding, FindingDraft } from '../findings';
import { judgeState } from '../gates';
import { PHASE_OWNER, ROLE_TITLE, isPhase } from '../roles';
import type { Phase } from '../roles';
import { ownerOf } from '../states';
import { forwardOf, transitionKind } from '../transitions';
import { adoptPreviousAnswer } from './adopt';
import { withBudgetGate } from './budget-gate';
import { climb } from './climb';
import { awaitDecision, fail, moveForward, sendBack, repeatPhase } from './moves';
import { recordEvent } from './record-event';
import { askQuestions, assume } from '../people/questions';
import { findingsFromObjections } from './old-findings';
import { isClosed, openFindings } from './state';
import { callOf, countSpend } from './spend';
import { beginCycle, endCycle, measureAttempt, measureStep } from './stuck';
import type { AttemptSigns } from './stuck';
import { countUsage } from './usage';
import { waitOf } from './wait';
import type { BuildState, Workspace } from './state';
import type { OutputRef } from './output-ref';
import type { Outcome, StoredContent, Worked } from './outcome';

/** Applies an outcome to the phase that the build is in. `now` is ISO 8601. */
export function applyOutcome(previousBuild: BuildState, outcome: Outcome, now: string): BuildState {
  const surveyed = outcome.survey === undefined ? previousBuild : { ...previousBuild, survey: outcome.survey };
  const build = withoutGivenNotes(countSpend(surveyed, outcome.spend), outcome);
  if (outcome.kind === 'step') return applyStep(build, outcome, previousBuild);
  if (outcome.kind === 'wait') return applyWait(build, outcome, now);
  if (outcome.kind === 'waited') return withoutWait(build);
  const phase = build.state;
  if (!isPhase(phase) || isClosed(build)) return build;
  const usedBuild = withoutWait(countUsage(build, outcome));
  const { signs = [], stronger = [] } = outcome.measured ?? {};
  const isEnded = outcome.kind !== 'over_budget';
  const countedBuild = isEnded ? measureAttempt(usedBuild, { phase, signs, before: previousBuild }) : usedBuild;
  switch (outcome.kind) {
    case 'over_budget': {
      const { reached, step, transcript, tree } = outcome;
      const call = callOf(build, { phase, step });
      return withBudgetGate(countedBuild, { reached, call, at: { step, transcript, tree } }, now);
    }
    case 'failed': {
      const { type, message, isBeforeWork, detailsDigest, isRungSpent } = outcome;
      const attempt = { phase, target: phase, reasons: [message], stronger, isRungSpent, actor: 'orchestrator', now };
      const climbing = outcome.measured === undefined && !isRungSpent ? null : climb(countedBuild, attempt);
      if (climbing !== null) return climbing;
      const failure = { type, message, ...(isBeforeWork === true ? { isBeforeWork, detailsDigest } : {}) };
      return fail(countedBuild, { actor: 'orchestrator', now, failure, notes: message });
    }
    case 'ask': {
      const { by, output, questions, suspended } = outcome;
      const outputs =
        output === undefined ? build.outputs : { ...build.outputs, [phase]: refOf({ by, output }, phase, now) };
      return askQuestions({ ...suspend(countedBuild, suspended), outputs }, questions, { actor: by, now });
    }
    case 'worked':
      return applyWork(countedBuild, { phase, worked: outcome, measured: outcome.measured, now });
  }
}

function withoutGivenNotes(build: BuildState, { notesGiven = 0 }: Outcome): BuildState {
  return notesGiven === 0 ? build : { ...build, notes: (build.notes ?? []).slice(notesGiven) };
}

/** Records usage and the base commit of a step at once, so that a failure of later steps does not lose them. */
function applyStep(build: BuildState, step: Outcome & { kind: 'step' }, before: BuildState): BuildState {
  const { stepAt: _, ...counted } = withoutWait(measureStep(countUsage(build, step), before));
  return { ...counted, ...workspaceFrom(build, step.base) } as BuildState;
}

function workspaceFrom(build: BuildState, base: string | null): Partial<Workspace> {
  return build.base === null && base !== null ? { base, commit: base } : {};
}

/** Keeps where the attempt goes on once its questions are answered; without `suspended` the phase begins again. */
function suspend(build: BuildState, suspended: (Outcome & { kind: 'ask' })['suspended']): BuildState {
  const { stepAt: _, ...rest } = build;
  if (suspended === undefined) return rest as BuildState;
  const { base, ...at } = suspended;
  return { ...rest, ...workspaceFrom(build, base), stepAt: { ...at, turn: build.turn } } as BuildState;
}

/** Adds the `waiting` event only once, even if several outcomes report the same wait. */
function applyWait(build: BuildState, wait: Outcome & { kind: 'wait' }, now: string): BuildState {
  const { until, because } = wait;
  const waitingBuild = { ...countUsage(build, wait), waiting: { until, because, turn: build.turn } };
  if (waitOf(build)?.until === until) return waitingBuild;
  return recordEvent(
    waitingBuild,
    { actor: 'orchestrator', now },
    { type: 'waiting', data: { until, reason: because } },
  );
}

function withoutWait(build: BuildState): BuildState {
  if (build.waiting === undefined) return build;
  const { waiting: _, ...rest } = build;
  return rest as BuildState;
}

interface Attempt {
  phase: Phase;
  worked: Worked;
  measured?: AttemptSigns | undefined;
  now: string;
}

function applyWork(before: BuildState, { phase, worked, measured, now }: Attempt): BuildState {
  const { assumptions: assumed } = worked;
  const build = assumed === undefined ? before : assume(before, { assumed, ofPhase: phase, now });
  const data = refOf(worked, phase, now);
  const workedBuild: BuildState = {
    ...endCycle(build, phase),
    ...workspaceAfter(build, worked),
    outputs: { ...build.outputs, [phase]: data },
    evidence: worked.evidence === undefined ? build.evidence : worked.evidence,
    locked: worked.locked === undefined ? build.locked : worked.locked,
    release: worked.release ?? build.release,
    ...(worked.forecast === undefined ? {} : { forecast: worked.forecast }),
    ...(worked.evidence?.failuresDigest === undefined ? {} : { failing: worked.evidence.failuresDigest }),
    ...findingsAfter(build, { phase, worked, now }),
  };

  const newFindings = worked.findings?.found ?? [];
  const rejectionReasons = rejectionsOf(build.rejections ?? [], newFindings);
  const reasons = [...judgeState(phase, workedBuild), ...worked.objections, ...rejectionReasons];
  const passage = { actor: worked.by, now, data, notes: worked.notes };
  const to = forwardOf(phase);
  if (reasons.length === 0 && to !== null) {
    return moveForward(workedBuild, { ...passage, to, event: to === 'complete' ? 'completed' : 'advanced' });
  }
  const message = reasons.join('; ').slice(0, 1_000);
  // A person approved every finding while the phase was running: judge the answer again, even if the retries are used up.
  if (newFindings.length > 0 && newFindings.every(({ gate, digest }) => isApproved(build.approvals, gate, digest)))
    return adoptPreviousAnswer(
      repeatPhase(workedBuild, { ...passage, phase, feedback: reasons, notes: message, extra: 1 }),
    );
  if (needsPersonNow(workedBuild, worked) || (phase === 'deployment' && newFindings.length > 0)) {
    return awaitDecision(workedBuild, { ...passage, phase, because: message, notes: message });
  }
  const returns = worked.isOwnFault !== true && returnsToCodeWriter(phase, newFindings);
  // The Code Writer changed nothing, so the feedback that it was sent back with comes first again.
  const earlierFeedback =
    worked.isUnchanged === true ? build.feedback.filter((reason) => !reasons.includes(reason)) : [];
  const feedback = [...earlierFeedback, ...reasons];
  const target = returns ? 'implementation' : phase;
  const { stronger = [] } = measured ?? {};
  const climbing =
    phase === 'deployment' ? null : climb(workedBuild, { ...passage, phase, target, reasons: feedback, stronger });
  if (climbing !== null) return climbing;
  const nextBuild = beginCycle(workedBuild);
  if (returns) {
    const notes = `sent back: ${reasons.join('; ').slice(0, 300)}`;
    return sendBack(nextBuild, { ...passage, target, feedback: reasons, event: 'sent_back', notes });
  }
  if (phase !== 'deployment') return repeatPhase(nextBuild, { ...passage, phase, feedback, notes: message });
  return fail(workedBuild, { ...passage, failure: { type: 'Role.Objected', message }, notes: message });
}

/** True if only a person can decide the findings, or if the Code Writer was sent back for them and changed nothing. */
function needsPersonNow(build: BuildState, { isUnchanged }: Worked): boolean {
  const open = openFindings(build);
  return needsPerson(open) || (isUnchanged === true && open.some(({ isManual }) => isManual !== true));
}

/** True if the Code Writer must work again; false if the phase's own role can mend everything found. */
function returnsToCodeWriter(phase: Phase, found: FindingDraft[]): boolean {
  const canOwnerMendAll = found.length > 0 && found.every(({ mender }) => mender === PHASE_OWNER[phase]);
  return transitionKind(phase, 'implementation') === 'rework' && !canOwnerMendAll;
}

function workspaceAfter(build: BuildState, worked: Worked): Workspace {
  const base = build.base ?? worked.base ?? null;
  const commit = worked.commit ?? build.commit;
  return base === null || commit === null ? { base: null, commit: null } : { base, commit };
}

function findingsAfter(build: BuildState, { phase, worked, now }: Attempt): Pick<BuildState, 'findings'> {
  const open = openFindings(build);
  const { judged, found } = worked.findings ?? findingsFromObjections(worked.objections, phase);
  const nextFindings = replaceFindings(
    open,
    judged,
    found
      .filter(({ gate, digest }) => !isApproved(build.approvals, gate, digest))
      .map((one): Finding => ({ ...one, at: now })),
  );
  return nextFindings.length === 0 && build.findings === undefined ? {} : { findings: nextFindings };
}

/** Leaves a handoff state, which needs no work. */
export function passHandoff(build: BuildState, now: string): BuildState {
  const to = forwardOf(build.state);
  const owner = ownerOf(build.state);
  if (to === null || owner === null || isPhase(build.state) || isClosed(build)) return build;
  const data = build.handoffs.at(-1)?.data ?? null;
  const notes = `${ROLE_TITLE[owner]} handed over`;
  return moveForward(build, { actor: 'orchestrator', now, to, event: 'advanced', notes, data });
}

/** Replaces the temporary digest of inline content by its real one, once the content is in the artifact store. */
export function withSavedContent(build: BuildState, temporaryDigest: string, digest: string): BuildState {
  const { [temporaryDigest]: _, ...unsaved } = build.unsaved;
  const replaceRef = <T extends OutputRef | null | undefined>(ref: T): T =>
    ref?.digest === temporaryDigest ? { ...ref, digest } : ref;
  const replaceRefs = (outputs: BuildState['outputs']): BuildState['outputs'] =>
    Object.fromEntries(Object.entries(outputs).map(([phase, ref]) => [phase, replaceRef(ref)]));
  return {
    ...build,
    unsaved,
    outputs: replaceRefs(build.outputs),
    checkpoints: Object.fromEntries(
      Object.entries(build.checkpoints).map(([phase, checkpoint]) => [
        phase,
        { ...checkpoint, outputs: replaceRefs(checkpoint.outputs) },
      ]),
    ),
    handoffs: build.handoffs.map((handoff) => ({ ...handoff, data: replaceRef(handoff.data) })),
  };
}

function refOf(
  work: { by: string; output: StoredContent; evidence?: Evidence | null },
  phase: Phase,
  now: string,
): OutputRef {
  const isMeasured = (phase === 'testing' && work.evidence) || work.by === 'orchestrator';
  const source = isMeasured ? 'measured' : 'model';
  return { ...work.output, source, by: work.by, at: now };
}
