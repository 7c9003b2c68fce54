/**
 * Compares the model's log of calls with what the build stored: calls that were repeated, calls that were paid but not counted,
 * and steps that began again.
 */
import type { BuildState } from '../../../src/domain/build/state';
import { PHASES } from '../../../src/domain/roles';
import type { Phase } from '../../../src/domain/roles';
import { COMPLETION_TOKENS, promptTokens, THIRD } from './model';
import type { Call, MockModel } from './model';
import { isThird } from './site';
import type { Kill } from './site';

/** What the model was asked in the third step of a phase. */
export interface Asked extends Kill {
  asked: number;
  /** Of these: answers that left the model to their last byte, so that a provider has them on its bill. */
  answered: number;
  /** Different keys and bodies: one each, if the step was asked again as it was. */
  keys: number;
  bodies: number;
}

export function askedIn({ calls }: MockModel, kill: Kill): Asked {
  const third = calls.filter((call) => isThird(call, kill.phase));
  return {
    ...kill,
    asked: third.length,
    answered: third.filter(({ isAnswered }) => isAnswered).length,
    keys: new Set(third.map(({ header }) => header)).size,
    bodies: new Set(third.map(({ body }) => body)).size,
  };
}

/** A list of what is wrong; empty where all is as it must be. */
export function wrongIn({ calls, strays }: MockModel, kills: readonly Kill[]): string[] {
  const byKey = new Map<string, Call[]>();
  for (const call of calls) byKey.set(call.key, [...(byKey.get(call.key) ?? []), call]);
  const lost = new Set(kills.filter(({ isStored }) => !isStored).map(({ phase }) => phase));
  const perKey = [...byKey.values()].flatMap(([first, ...again]) => {
    if (first === undefined) return [];
    const mayBeAskedAgain = first.step === THIRD && lost.has(first.phase) ? 1 : 0;
    return [
      ...(again.length > mayBeAskedAgain ? [`${first.key} was asked ${again.length + 1} times`] : []),
      ...again.filter(({ wasStored }) => wasStored).map(({ key }) => `${key} was asked again, its answer was stored`),
      ...again.filter(({ body }) => body !== first.body).map(({ key }) => `${key} was asked again in other words`),
    ];
  });
  const bodies = new Set(calls.map(({ body }) => body)).size;
  return [
    ...perKey,
    ...(strays > 0 ? [`${strays} requests without a known key`] : []),
    ...(bodies < byKey.size ? [`${byKey.size} keys for ${bodies} different requests`] : []),
    ...PHASES.flatMap((phase) => wrongConversation(calls, phase)),
  ];
}

/** Each step says all that was said before it, and more. */
function wrongConversation(calls: readonly Call[], phase: Phase): string[] {
  const steps = calls.filter((call) => call.phase === phase).sort((a, b) => a.step - b.step);
  return steps.flatMap((call, at) => {
    const before = steps[at - 1];
    if (before === undefined || before.step === call.step) return [];
    const [earlier, now] = [messagesIn(before), messagesIn(call)];
    const goesOn =
      JSON.stringify(now.slice(0, earlier.length)) === JSON.stringify(earlier) && now.length > earlier.length;
    return goesOn && call.step === before.step + 1
      ? []
      : [`${call.key} does not go on where step ${before.step} ended`];
  });
}

function messagesIn({ body }: Call): unknown[] {
  return (JSON.parse(body) as { messages: unknown[] }).messages;
}

/** What the build must have counted: each step once, however often it was asked. */
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
