/**
 * Takes a stuck build to the next rung of its ladder: the work goes back with a diagnosis, to a stronger model or to a new plan, or the
 * build waits for a person. Pure.
 */
import type { OutputRef } from './output-ref';
import { PHASE_OWNER } from '../roles';
import type { Phase } from '../roles';
import { modeOf } from './status';
import type { StrongerModel } from '../stuck/ladder';
import { fail, repeatPhase, sendBack } from './moves';
import { recordEvent } from './record-event';
import type { BuildState } from './state';
import { beginRung, describeSigns, stuckOf, stuckSigns } from './stuck';
import type { RungAtWork } from './stuck';

const MICRO = 1_000_000;

/** An attempt that did not succeed, in the phase that the build is in. */
interface StuckAttempt {
  phase: Phase;
  /** The phase that is done again. */
  target: Phase;
  /** Why the attempt did not succeed. */
  reasons: string[];
  stronger: readonly StrongerModel[];
  /** True if the attempt ended because the rung at work has spent its forecast. */
  isRungSpent?: boolean | undefined;
  actor: string;
  now: string;
  data?: OutputRef | null;
}

/** Gives the build on its next rung; null if it is not stuck. */
export function climb(build: BuildState, attempt: StuckAttempt): BuildState | null {
  const { phase, target, reasons, stronger, isRungSpent = false } = attempt;
  const signs = stuckSigns(build);
  if ((signs.length === 0 && !isRungSpent) || build.roles[PHASE_OWNER[target]] !== 'llm' || modeOf(build) !== 'llm')
    return null;
  const because = signs.length > 0 ? describeSigns(signs) : (stuckOf(build).rung?.because ?? reasons);
  const { build: climbing, rung } = beginRung(build, { target, phase, because, stronger });
  const cause = { actor: 'orchestrator', now: attempt.now };
  const noted = recordEvent(climbing, cause, { type: 'stuck', data: eventData(rung, isRungSpent) });
  const passage = { actor: attempt.actor, now: attempt.now, data: attempt.data ?? null };
  const notes = `stuck, ${rung.name.replaceAll('_', ' ')}: ${because.join('; ')}`.slice(0, 300);
  if (rung.name === 'person') {
    const message = `${because.join('; ')}; tried: ${triedIn(climbing)}; last: ${reasons.join('; ')}`.slice(0, 1_000);
    return fail(noted, { ...passage, notes, failure: { type: 'Role.Stuck', message, phase: target } });
  }
  const redo = { ...passage, feedback: reasons, notes, isRung: true };
  if (rung.target === phase) return repeatPhase(noted, { ...redo, phase });
  return sendBack(noted, { ...redo, target: rung.target, event: 'sent_back' });
}

/** What was tried before the person; `nothing` if there was no other rung. */
function triedIn(build: BuildState): string {
  const tried = stuckOf(build).taken.filter((rung) => rung !== 'person');
  return tried.length === 0 ? 'nothing' : tried.map((rung) => rung.replaceAll('_', ' ')).join(', ');
}

function eventData({ name, target, phase, because, forecast }: RungAtWork, isRungSpent: boolean) {
  const spent = isRungSpent ? 'the rung before has spent its forecast; ' : '';
  return {
    rung: name,
    because: `${spent}${because.join('; ')}`.slice(0, 600),
    ...{ again: target, found_in: phase },
    ...{ forecast_tokens: forecast.tokens, forecast_calls: forecast.calls },
    // Without prices there is no forecast in money: it is not zero.
    forecast_usd: forecast.microUsd === 0 && forecast.calls > 0 ? null : forecast.microUsd / MICRO,
  };
}
