/**
 * Carries out steps of a build against a server that charges for its answers, as workflow and activities do: tries, kills, void work.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { countRemaining } from '../../src/activities/spend-records';
import { createTaskPurse } from '../../src/activities/steps/purse';
import type { StepTask } from '../../src/activities/contract';
import { createFileDocuments } from '../../src/adapters/artifacts/documents';
import { createModel } from '../../src/adapters/models/create-model';
import { readChain } from '../../src/adapters/models/model-spec';
import { createPrices } from '../../src/adapters/models/prices';
import { countSpend, spentBy, withUncounted } from '../../src/domain/build/spend';
import { beginBuild } from '../../src/domain/build/state';
import type { BuildState } from '../../src/domain/build/state';
import { Failure } from '../../src/domain/failures';
import { callKeyOf } from '../../src/domain/ids';
import type { Budget } from '../../src/domain/money/budget';
import type { DocumentStore } from '../../src/ports/documents';
import { GREETING, aRequest } from '../adapters/models/request';
import { settingsWith } from '../adapters/models/protocols';
import { newBuild } from '../domain/a-build';
import { BEHAVIOURS, chargingServer } from './charging-server';
import type { Behaviour, ChargingServer } from './charging-server';

const PRICE = { input: 15, output: 75, cachedInput: 15, cacheWrite: 15 };
const OUTPUT_LIMIT = 1_000;
const TRIES = 3;

let root: string;
let server: ChargingServer;
let planned: Behaviour[] = [];
export async function openServer(): Promise<void> {
  root = mkdtempSync(join(tmpdir(), 'q-cap-'));
  server = await chargingServer(
    PRICE,
    () => planned.shift() ?? 'good',
    () => GREETING,
  );
}
export async function closeServer(): Promise<void> {
  await server.close();
  rmSync(root, { recursive: true, force: true });
}

/** Where the worker is killed: before the request is sent, or before its result is stored. */
const KILLS = ['none', 'sent', 'settled'] as const;
type Kill = (typeof KILLS)[number];

/** A store whose worker dies when it would write a reservation in the given state. Nothing of it is written from then on. */
function dyingDocuments(documents: DocumentStore, kill: Kill): DocumentStore {
  let isDead = false;
  const whileAlive = <T>(act: () => Promise<T>): Promise<T> => (isDead ? Promise.reject(new Error('killed')) : act());
  return {
    load: (...args) => whileAlive(() => documents.load(...args)),
    list: (...args) => whileAlive(() => documents.list(...args)),
    keepFirst: (...args) => whileAlive(() => documents.keepFirst(...args)),
    remove: (...args) => whileAlive(() => documents.remove(...args)),
    replace: (...args) => {
      isDead ||= args[0] === 'reservations' && (args[2] as { state?: string }).state === kill;
      return whileAlive(() => documents.replace(...args));
    },
  };
}

export interface Step {
  /** What the server does with the step's requests, and where the worker is killed in each try. */
  tries: Array<{ behaviour: Behaviour; kill: Kill }>;
  /** A command makes the work void before its outcome is applied. */
  isVoid: boolean;
}
export const step = fc.record<Step>({
  tries: fc.array(fc.record({ behaviour: fc.constantFrom(...BEHAVIOURS), kill: fc.constantFrom(...KILLS) }), {
    minLength: 1,
    maxLength: TRIES,
  }),
  isVoid: fc.boolean(),
});

let runs = 0;

/** Carries out the steps of one build; a cap that is reached ends it, unless `raise` gives a higher one. */
export async function carryOut(budget: Budget, steps: Step[], raise?: (budget: Budget) => Budget) {
  runs += 1;
  const documents = createFileDocuments(join(root, `run-${runs}`));
  const model = createModel(
    readChain('compatible:m'),
    settingsWith({ compatible: { apiKey: undefined, baseUrl: `${server.origin}/v1` } }),
  );
  const prices = createPrices({ overrides: {}, unknown: PRICE });
  const before = server.books();
  const spentOfServer = () => {
    const { microUsd, tokens, calls } = server.books();
    return { microUsd: microUsd - before.microUsd, tokens: tokens - before.tokens, calls: calls - before.calls };
  };
  let build: BuildState = beginBuild({ ...newBuild(), budget });
  let attempt = 0;
  let turn = 0;
  let raises = 0;
  const reached: string[] = [];
  for (const { tries, isVoid } of steps) {
    attempt += 1;
    turn += 1;
    for (let activityTry = 1; activityTry <= TRIES; activityTry += 1) {
      const { behaviour, kill } = tries[activityTry - 1] ?? { behaviour: 'good', kill: 'none' };
      planned = [behaviour];
      const money = { budget: build.budget ?? {}, spent: spentBy(build), uncounted: build.uncountedCalls ?? [] };
      const position = { phase: 'discovery' as const, generation: 1, attempt, step: 1 };
      const task = { projectId: 'shop', buildId: 'b1', ...position, turn, money } as unknown as StepTask;
      const call = callKeyOf(task);
      const { signal } = new AbortController();
      const deps = { documents: dyingDocuments(documents, kill), prices, outputTokensLimit: OUTPUT_LIMIT };
      const purse = createTaskPurse(deps, task, { scheduledMs: turn * 1_000 + raises, activityTry, signal });
      const error = await model.call(aRequest({ ...position, purse, signal })).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      for (const kind of ['microUsd', 'tokens', 'calls'] as const)
        expect(spentOfServer()[kind]).toBeLessThanOrEqual(build.budget?.[kind] ?? Infinity);
      if (error instanceof Failure && error.type === 'Budget.Reached') {
        reached.push(error.message);
        build = withUncounted(build, call);
        if (raise === undefined || raises >= 50) return { build, reached, spentOfServer, documents };
        raises += 1;
        build = { ...build, budget: raise(build.budget ?? {}) };
        // The same call is scheduled anew, and its tries begin again.
        activityTry = 0;
        continue;
      }
      const isLast = error === undefined || activityTry === TRIES;
      if (!isLast) continue;
      const reported = await purse?.report().catch(() => undefined);
      const isCounted = !isVoid && reported !== undefined;
      build = isCounted ? countSpend(build, reported) : withUncounted(build, call);
      break;
    }
  }
  return { build, reached, spentOfServer, documents };
}

/** Runs of the property "no build spends more than its cap, and none counts less than what its server charged". */
export async function neverOverCap(numRuns: number): Promise<void> {
  const budget = fc.record({
    microUsd: fc.integer({ min: 0, max: 2_000_000 }),
    tokens: fc.integer({ min: 1_000, max: 60_000 }),
    calls: fc.integer({ min: 0, max: 12 }),
  });
  const steps = fc.array(step, { minLength: 1, maxLength: 6 });
  const property = fc.asyncProperty(budget, steps, async (caps, given) => {
    const { build, spentOfServer, documents } = await carryOut(caps, given);
    const counted = spentBy(await countRemaining({ documents }, build));
    const charged = spentOfServer();
    for (const kind of ['microUsd', 'tokens', 'calls'] as const)
      expect(counted[kind]).toBeGreaterThanOrEqual(charged[kind]);
  });
  await fc.assert(property, { numRuns });
}

/** Runs of the property "a build whose budget is raised goes on to its end, and still never spends more than its cap". */
export async function goesOnWhenRaised(numRuns: number): Promise<void> {
  const raise = ({ microUsd = 0, ...rest }: Budget) => ({ ...rest, microUsd: microUsd + 250_000 });
  const steps = fc.array(step, { minLength: 1, maxLength: 4 });
  const property = fc.asyncProperty(steps, async (given) => {
    const { build, reached } = await carryOut({ microUsd: 10_000 }, given, raise);
    expect(reached.length).toBeGreaterThan(0);
    expect(build.budget?.microUsd).toBe(10_000 + 250_000 * reached.length);
  });
  await fc.assert(property, { numRuns });
}
