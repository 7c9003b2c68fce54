/**
 * A model call outlives the try of the activity that sent it, if the server gave that try up, and the next try joins it.
 */
import { ActivityCancellationDetails, CancelledFailure } from '@temporalio/common';
import { createCallsInFlight } from '../../../src/activities/steps/calls-in-flight';
import type { CallsInFlight } from '../../../src/activities/steps/calls-in-flight';
import { until } from '../../until';

let calls: CallsInFlight;
beforeEach(() => (calls = createCallsInFlight()));

test('a retry joins the call of a try that the server gave up, so that one call is paid', async () => {
  const [first, second] = [makeCaller(), makeCaller()];
  const model = makeModel();
  const lost = calls.join('k', first.caller, model);
  first.cancel({ notFound: true });
  await expect(lost).rejects.toThrow('NOT_FOUND');
  const joined = calls.join('k', second.caller, model);
  model.answer('one answer');
  expect(await joined).toBe('one answer');
  expect(model.signals).toHaveLength(1);
  expect(model.signals[0]?.aborted).toBe(false);
});

test.each([
  ['the build made the work void', { cancelRequested: true }],
  ['the build made the work void, and the server has forgotten it', { cancelRequested: true, notFound: true }],
  ['the worker shuts down', { workerShutdown: true }],
])('the call is ended if %s', async (_why, details) => {
  const { caller, cancel } = makeCaller();
  const model = makeModel();
  const waiting = calls.join('k', caller, model);
  cancel(details);
  await expect(waiting).rejects.toThrow();
  await until(
    () => Promise.resolve(model.signals[0]?.aborted),
    (isAborted) => isAborted === true,
  );
});

test('the call is ended if the server gave the try up because its build has ended', async () => {
  const { caller, cancel } = makeCaller({ isWanted: () => Promise.resolve(false) });
  const model = makeModel();
  const waiting = calls.join('k', caller, model);
  cancel({ notFound: true });
  await expect(waiting).rejects.toThrow();
  await until(
    () => Promise.resolve(model.signals[0]?.aborted),
    (isAborted) => isAborted === true,
  );
});

test('the call goes on while Temporal cannot say whether the build has ended', async () => {
  const asked: string[] = [];
  const isWanted = () => {
    asked.push('asked');
    return Promise.reject(new Error('Temporal does not answer'));
  };
  const { caller, cancel } = makeCaller({ isWanted });
  const model = makeModel();
  const waiting = calls.join('k', caller, model);
  cancel({ timedOut: true });
  await expect(waiting).rejects.toThrow();
  const joined = calls.join('k', makeCaller().caller, model);
  model.answer('late');
  expect(await joined).toBe('late');
  expect({ asked, calls: model.signals.length }).toEqual({ asked: ['asked'], calls: 1 });
});

test('after an answer or a failure the same key is called anew', async () => {
  const answered = makeModel();
  const first = calls.join('k', makeCaller().caller, answered);
  answered.answer('a');
  await first;
  const failed = makeModel();
  const second = calls.join('k', makeCaller().caller, failed);
  failed.fail(new Error('the provider failed'));
  await expect(second).rejects.toThrow('the provider failed');
  const third = makeModel();
  const last = calls.join('k', makeCaller().caller, third);
  third.answer('c');
  expect(await last).toBe('c');
});

test('an answer that could not be stored stays in memory, and the next try stores it without another call', async () => {
  const model = makeModel();
  const stored: string[] = [];
  let isFull = true;
  const call = {
    ask: model.ask,
    store: (answer: string) => {
      if (isFull) return Promise.reject(new Error('the disk is full'));
      stored.push(answer);
      return Promise.resolve(answer);
    },
  };
  const first = calls.join('k', makeCaller().caller, call);
  model.answer('paid');
  await expect(first).rejects.toThrow('the disk is full');
  await expect(calls.join('k', makeCaller().caller, call)).rejects.toThrow('the disk is full');
  isFull = false;
  expect(await calls.join('k', makeCaller().caller, call)).toBe('paid');
  expect({ stored, calls: model.signals.length }).toEqual({ stored: ['paid'], calls: 1 });
});

test('a try that joins a call whose own try was cancelled before it was sent makes the call itself', async () => {
  const [first, second] = [makeCaller(), makeCaller()];
  const model = makeModel();
  const lost = calls.join('k', first.caller, model);
  first.cancel({ timedOut: true });
  await expect(lost).rejects.toThrow();
  const joined = calls.join('k', second.caller, model);
  model.fail(new CancelledFailure('TIMED_OUT'));
  await until(
    () => Promise.resolve(model.signals.length),
    (count) => count === 2,
  );
  model.answer('asked by the second try');
  expect(await joined).toBe('asked by the second try');
});

function makeCaller({ isWanted = () => Promise.resolve(true) } = {}) {
  const controller = new AbortController();
  const state: { details?: ActivityCancellationDetails } = {};
  return {
    caller: {
      cancellationSignal: controller.signal,
      get cancellationDetails() {
        return state.details;
      },
      isWanted,
    },
    cancel(details: ConstructorParameters<typeof ActivityCancellationDetails>[0]) {
      state.details = new ActivityCancellationDetails(details);
      controller.abort(new Error(details?.notFound === true ? 'NOT_FOUND' : 'CANCELLED'));
    },
  };
}

function makeModel() {
  const signals: AbortSignal[] = [];
  let settle: { resolve(text: string): void; reject(error: Error): void };
  return {
    signals,
    store: (answer: string) => Promise.resolve(answer),
    ask: (signal: AbortSignal) => {
      signals.push(signal);
      return new Promise<string>((resolve, reject) => (settle = { resolve, reject }));
    },
    answer: (text: string) => settle.resolve(text),
    fail: (error: Error) => settle.reject(error),
  };
}
