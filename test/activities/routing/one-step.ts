/**
 * Runs one step of a role against servers of the test, as worker and workflow do, on a clock of its own: the real activity and the real
 * adapters, Temporal's retries (`ROLE_RETRY`) and the waits of the build (`WAITS_LIMIT`).
 */
import { MockActivityEnvironment } from '@temporalio/testing';
import { ApplicationFailure } from '@temporalio/common';
import { createActivities } from '../../../src/activities';
import type { PhaseOutcome } from '../../../src/activities/contract';
import type { LongWait, PaidCalls } from '../../../src/activities/failure-details';
import { createModels } from '../../../src/adapters/models/create-model';
import { readChain } from '../../../src/adapters/models/model-spec';
import type { ProviderAccess } from '../../../src/adapters/models/providers';
import type { Clock } from '../../../src/adapters/models/routing';
import type { ModelSettings } from '../../../src/adapters/models/settings';
import { ROLE_RETRY, WAITS_LIMIT } from '../../../src/domain/timings';
import { settingsWith } from '../../adapters/models/protocols';
import { SILENT, openTestContext } from '../on-activity';

/** A good answer of discovery. */
export const ANSWER = {
  summary: 'A page that greets.',
  requirements: [{ id: 'R1', text: 'It greets.' }],
  ...{ constraints: [], assumptions: [], risks: [], open_questions: [], success_criteria: ['A greeting is seen.'] },
};

/** What a step came to: an answer, or the failure with which the phase ends. */
export interface StepEnd {
  end: 'answered' | string;
  /** Paid calls that the answer or the failure counts. */
  paid: number;
  /** The waits of the build, in whole seconds. */
  waits: number[];
  /** The delays of Temporal's retries, in whole seconds. */
  delays: number[];
  message: string;
}

/** A clock that stands still until something waits. */
export function fakeClock(): Clock & { pass(ms: number): void } {
  let now = Date.parse('2026-01-01T00:00:00Z');
  return {
    now: () => now,
    sleep: (ms) => Promise.resolve(void (now += ms)),
    pass: (ms) => void (now += ms),
  };
}

export interface Provider {
  chain: string;
  access: Partial<ProviderAccess>;
  limits?: Partial<ModelSettings>;
}

export async function openRouting({ chain, access, limits = {} }: Provider) {
  const context = await openTestContext(() => ({ output: ANSWER }));
  const clock = fakeClock();
  const settings = { ...settingsWith(access, limits), breaker: { failures: 5, openMs: 30_000 }, clock, ...limits };
  const model = createModels(settings)(readChain(chain));
  const activities = createActivities({ ...context.deps, modelFor: () => model });
  const prepared = await context.deps.workspace.prepare({ projectId: 'shop', buildId: 'b1' });
  const { survey } = await context.run('discover', context.task({ phase: 'discovery', turn: 0, attempt: 99 }));
  // What comes before the model call is made once: it is not what these tests are about.
  const found = { survey, base: prepared.commit, commit: prepared.commit };
  const task = (attempt: number) => context.task({ phase: 'discovery', turn: 0, attempt, ...found });
  const runOnce = (attempt: number): Promise<PhaseOutcome> =>
    new MockActivityEnvironment({}, { logger: SILENT }).run(activities.discover, task(attempt));

  return {
    clock,
    /** `attempt` names the call: another attempt is another call. */
    async step(attempt = 1): Promise<StepEnd> {
      const told = { waits: [] as number[], delays: [] as number[] };
      for (;;) {
        const outcome = await runWithRetries(() => runOnce(attempt), { clock, delays: told.delays });
        if (!(outcome instanceof ApplicationFailure))
          return { ...told, end: 'answered', paid: outcome.usage.calls, message: '' };
        const detail = (outcome.details?.[0] ?? {}) as Partial<LongWait & PaidCalls>;
        const { waitUntil } = detail;
        if (waitUntil === undefined || told.waits.length === WAITS_LIMIT)
          return { ...told, end: String(outcome.type), paid: detail.paidCalls ?? 0, message: outcome.message };
        const waitMs = Date.parse(waitUntil) - Date.now();
        told.waits.push(Math.round(waitMs / 1_000));
        clock.pass(Math.max(1, waitMs + 1_000));
      }
    },
    close: () => context.close(),
  };
}

/** Gives the outcome, or the failure after the last execution. */
async function runWithRetries(
  run: () => Promise<PhaseOutcome>,
  { clock, delays }: { clock: ReturnType<typeof fakeClock>; delays: number[] },
): Promise<PhaseOutcome | ApplicationFailure> {
  const { initialIntervalMs, backoffCoefficient, maximumIntervalMs, maximumAttempts } = ROLE_RETRY;
  for (let execution = 1; ; execution += 1) {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof ApplicationFailure)) throw error;
      if (error.nonRetryable === true || execution === maximumAttempts) return error;
      const backoffMs = Math.min(maximumIntervalMs, initialIntervalMs * backoffCoefficient ** (execution - 1));
      const delayMs = error.nextRetryDelay === undefined ? backoffMs : Number(error.nextRetryDelay);
      delays.push(Math.round(delayMs / 1_000));
      clock.pass(delayMs);
    }
  }
}
