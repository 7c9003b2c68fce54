/**
 * Compares the model's log of calls with what the build stored: calls that were repeated, calls that were paid but not counted,
 * and steps that began again.
 */
import type { BuildState } from '../../../src/domain/build/state';
import { PHASES } from '../../../src/domain/roles';
import type { Phase } from '../../../src/domain/roles';
import { COMPLETION_TOKENS, promptTokens, THIRD } from './model';
import type { Call, MockModel } from './model';
import { isThirdStep } from './site';
import type { Kill } from './site';

/** Counts of the requests to the model in the third step of a phase. */
export interface ThirdStepCounts extends Kill {
  requestCount: number;
  /** Those of the requests whose answer the model sent to its last byte, which a provider charges. */
  answeredCount: number;
  /** The numbers of different keys and bodies: 1, if each repeated request was the same. */
  keys: number;
  bodies: number;
}

export function countThirdStep({ calls }: MockModel, kill: Kill): ThirdStepCounts {
  const third = calls.filter((call) => isThirdStep(call, kill.phase));
  return {
    ...kill,
    requestCount: third.length,
    answeredCount: third.filter(({ isAnswered }) => isAnswered).length,
    keys: new Set(third.map(({ header }) => header)).size,
    bodies: new Set(third.map(({ body }) => body)).size,
  };
}

/** Returns a list of errors, which is empty if all calls are right. */
export function findErrors({ calls, unknownRequests }: MockModel, kills: readonly Kill[]): string[] {
  const byKey = new Map<string, Call[]>();
  for (const call of calls) byKey.set(call.key, [...(byKey.get(call.key) ?? []), call]);
  const unstoredPhases = new Set(kills.filter(({ isStored }) => !isStored).map(({ phase }) => phase));
  const perKey = [...byKey.values()].flatMap(([first, ...repetitions]) => {
    if (first === undefined) return [];
    const mayBeAskedAgain = first.step === THIRD && unstoredPhases.has(first.phase) ? 1 : 0;
    return [
      ...(repetitions.length > mayBeAskedAgain ? [`${first.key} was asked ${repetitions.length + 1} times`] : []),
      ...repetitions
        .filter(({ wasStored }) => wasStored)
        .map(({ key }) => `${key} was asked again, its answer was stored`),
      ...repetitions
        .filter(({ body }) => body !== first.body)
        .map(({ key }) => `${key} was asked again in other words`),
    ];
  });
  const bodies = new Set(calls.map(({ body }) => body)).size;
  return [
    ...perKey,
    ...(unknownRequests > 0 ? [`${unknownRequests} requests without a known key`] : []),
    ...(bodies < byKey.size ? [`${byKey.size} keys for ${bodies} different requests`] : []),
    ...PHASES.flatMap((phase) => wrongConversation(calls, phase)),
  ];
}

/** Checks that each step repeats the messages of the step before it, and adds more. */
function wrongConversation(calls: readonly Call[], phase: Phase): string[] {
  const steps = calls.filter((call) => call.phase === phase).sort((a, b) => a.step - b.step);
  return steps.flatMap((call, at) => {
    const previous = steps[at - 1];
    if (previous === undefined || previous.step === call.step) return [];
    const [earlier, now] = [messagesIn(previous), messagesIn(call)];
    const isContinuation =
      JSON.stringify(now.slice(0, earlier.length)) === JSON.stringify(earlier) && now.length > earlier.length;
    return isContinuation && call.step === previous.step + 1
      ? []
      : [`${call.key} does not go on where step ${previous.step} ended`];
  });
}

function messagesIn({ body }: Call): unknown[] {
  return (JSON.parse(body) as { messages: unknown[] }).messages;
}

/** Returns the usage that the build must have counted: each step once, also if it was requested several times. */
export function usageOfSteps({
  calls,
}: MockModel): Pick<BuildState['usage'], 'calls' | 'inputTokens' | 'outputTokens'> {
  const steps = [...new Map(calls.map((call) => [call.key, call])).values()];
  return {
    calls: steps.length,
    inputTokens: steps.reduce((sum, { phase, step }) => sum + promptTokens(phase, step), 0),
    outputTokens: steps.length * COMPLETION_TOKENS,
  };
}
