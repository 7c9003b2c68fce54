/**
 * What the orchestrator's own work does to a build: a phase worked, a question asked, a failure, a handoff passed.
 *
 * Here the gates hold: a phase worked by a model moves on only where the evidence says so.
 */
import { isClosed } from './state';
import type { BuildState, LiveRelease, OutputRef } from './state';
import { judgeTests } from '../evidence/evidence';
import type { Evidence } from '../evidence/evidence';
import { fail, forward, note, redo, repeat } from './moves';
import { ROLE_TITLE, isPhase } from '../roles';
import type { Phase } from '../roles';
import type { Locked } from '../evidence/tampering';
import { ownerOf } from '../states';
import { forwardOf } from '../transitions';

/** What an activity reports of one attempt at a phase. */
export type Outcome = { usage: { calls: number; inputTokens: number | null; outputTokens: number | null } } & (
  | Worked
  /** The Code Writer needs another step. `transcript` is a digest, `tree` a commit that no branch points to. */
  | { kind: 'step'; transcript: string; tree: string; base: string }
  | { kind: 'ask'; by: string; output: Kept; questions: Array<{ id: string; text: string }> }
  | { kind: 'failed'; type: string; message: string }
);
export interface Worked {
  kind: 'worked';
  /** The model that answered, e.g. `scripted:dark-mode`. */
  by: string;
  output: Kept;
  base?: string;
  commit?: string;
  evidence?: Evidence | null;
  /** The locked tests from now on; absent leaves them as they are. */
  locked?: Locked | null;
  release?: LiveRelease;
  /** What speaks against moving on; a role can add to it and lift nothing. */
  objections: string[];
  /** One line for the handoff record. */
  notes: string;
}
type Kept = { digest: string; bytes: number };

/** Applies an outcome of the phase the build is in. `now` is ISO 8601. */
export function applyOutcome(build: BuildState, outcome: Outcome, now: string): BuildState {
  if (outcome.kind === 'step') return applyStep(build, outcome);
  const phase = build.state;
  if (!isPhase(phase) || isClosed(build)) return build;
  const counted = count(build, outcome);
  switch (outcome.kind) {
    case 'failed':
      return fail(counted, outcome, { actor: 'orchestrator', now, event: 'failed', notes: outcome.message });
    case 'ask': {
      const data = { ids: outcome.questions.map((question) => question.id).join(', ') };
      const asked = { ...counted, questions: outcome.questions, revision: build.revision + 1 };
      return note(
        { ...asked, outputs: { ...build.outputs, [phase]: refOf(outcome, phase, now) } },
        'asked',
        { actor: outcome.by, now },
        data,
      );
    }
    case 'worked':
      return judge(counted, phase, outcome, now);
  }
}

/** Kept at once, whatever becomes of the steps after it: what it cost, and where the branch began. */
function applyStep(build: BuildState, step: Outcome & { kind: 'step' }): BuildState {
  return { ...count(build, step), base: build.base ?? step.base, commit: build.commit ?? step.base };
}

function judge(build: BuildState, phase: Phase, worked: Worked, now: string): BuildState {
  const data = refOf(worked, phase, now);
  const kept: BuildState = {
    ...build,
    outputs: { ...build.outputs, [phase]: data },
    base: build.base ?? worked.base ?? null,
    commit: worked.commit ?? build.commit,
    evidence: worked.evidence === undefined ? build.evidence : worked.evidence,
    locked: worked.locked === undefined ? build.locked : worked.locked,
    release: worked.release ?? build.release,
  };
  const reasons = [...gate(kept, phase), ...worked.objections];
  const passage = { actor: worked.by, now, data, notes: worked.notes };
  const to = forwardOf(phase);
  if (reasons.length === 0 && to !== null) {
    return forward(kept, to, { ...passage, event: to === 'complete' ? 'completed' : 'advanced' });
  }
  if (phase === 'testing' || phase === 'verification') {
    const notes = `sent back: ${reasons.join('; ').slice(0, 300)}`;
    return redo(kept, 'implementation', reasons, { ...passage, event: 'sent_back', notes });
  }
  const message = reasons.join('; ').slice(0, 1_000);
  if (phase !== 'deployment') return repeat(kept, phase, reasons, { ...passage, event: 'repeated', notes: message });
  return fail(kept, { type: 'Role.Objected', message }, { ...passage, event: 'failed', notes: message });
}

/** What must be true beside the role's word; one entry a thing that is not. */
function gate(build: BuildState, phase: Phase): string[] {
  if (phase === 'implementation' && build.commit === null) return ['no commit was published'];
  if (phase === 'testing' || phase === 'verification') {
    const { commit, locked, coverageFloorPercent } = build;
    const asked = { commit: commit ?? '', lockedDigest: locked?.digest ?? null, coverageFloorPercent };
    const verdict = judgeTests(build.evidence, asked);
    return verdict.pass ? [] : [...verdict.reasons, ...failingTests(build)];
  }
  if (phase === 'deployment' && build.release === null) return ['no release went live'];
  return [];
}

function failingTests(build: BuildState): string[] {
  return (build.evidence?.failing ?? []).map((name) => `failing test: ${name}`);
}

/** Passes a handoff state that nothing holds. */
export function passHandoff(build: BuildState, now: string): BuildState {
  const to = forwardOf(build.state);
  const owner = ownerOf(build.state);
  if (to === null || owner === null || isPhase(build.state) || isClosed(build)) return build;
  const last = build.handoffs.at(-1)?.data ?? null;
  return forward(build, to, {
    actor: 'orchestrator',
    now,
    event: 'advanced',
    notes: `${ROLE_TITLE[owner]} handed over`,
    data: last,
  });
}

/** Inline content has been kept in the artifact store: its real digest takes the place of the stand-in. */
export function saved(build: BuildState, standIn: string, digest: string): BuildState {
  const { [standIn]: _, ...unsaved } = build.unsaved;
  const swap = <T extends OutputRef | null | undefined>(ref: T): T =>
    ref?.digest === standIn ? { ...ref, digest } : ref;
  const swapAll = (outputs: BuildState['outputs']): BuildState['outputs'] =>
    Object.fromEntries(Object.entries(outputs).map(([phase, ref]) => [phase, swap(ref)]));
  return {
    ...build,
    unsaved,
    outputs: swapAll(build.outputs),
    checkpoints: Object.fromEntries(
      Object.entries(build.checkpoints).map(([phase, kept]) => [phase, { ...kept, outputs: swapAll(kept.outputs) }]),
    ),
    handoffs: build.handoffs.map((handoff) => ({ ...handoff, data: swap(handoff.data) })),
  };
}

function count(build: BuildState, { usage }: Outcome): BuildState {
  const total = {
    calls: build.usage.calls + usage.calls,
    inputTokens: build.usage.inputTokens + (usage.inputTokens ?? 0),
    outputTokens: build.usage.outputTokens + (usage.outputTokens ?? 0),
  };
  return { ...build, usage: total };
}

function refOf(of: { by: string; output: Kept; evidence?: Evidence | null }, phase: Phase, now: string): OutputRef {
  const isMeasured = (phase === 'testing' && of.evidence) || of.by === 'orchestrator';
  const source = isMeasured ? 'measured' : 'model';
  return { ...of.output, source, by: of.by, at: now };
}
