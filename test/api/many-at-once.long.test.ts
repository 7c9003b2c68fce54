/**
 * Tests many concurrent commands to one build: each is answered or refused, none is lost, and twice as many take twice the time.
 */
import { randomUUID } from 'node:crypto';
import { commandSignals } from '../../src/workflows/messages';
import { processorMs } from '../processor-time';
import { until } from '../until';
import { serveApi } from './served';
import type { Answer, Api } from './served';

let api: Api;
beforeAll(async () => {
  api = await serveApi();
});
afterAll(() => api?.stop());

async function begin(): Promise<string> {
  const project = api.newProject();
  const body = { build_id: 'b', user_id: 'ada', requirements: 'Dark mode' };
  expect((await api.post(`/api/workflows/${project}/start`, body)).status).toBe(201);
  return `${project}.b`;
}
const runMany = <T>(count: number, make: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, n) => make(n)));
const handleOf = (id: string) => api.stack.client.workflow.getHandle(id);
const statusesOf = (answers: Answer[]) => [...new Set(answers.map(({ status }) => status))].sort();
const toggle = (id: string) => (n: number) =>
  api.post(`/api/workflows/${id}/${n % 2 === 0 ? 'pause' : 'resume'}`, { reason: `n${n}` });

async function sendMany(count: number) {
  const id = await begin();
  const lengthBefore = (await handleOf(id).describe()).historyLength;
  let answers: Answer[] = [];
  const startMs = Date.now();
  const cpuMs = await processorMs(async () => (answers = await runMany(count, toggle(id))));
  const ms = Date.now() - startMs;
  const { historyLength } = await handleOf(id).describe();
  return { answers, cpuMs, ms, events: historyLength - lengthBefore, id };
}

test('S14: 50, 100 and 200 concurrent updates are all answered, and their cost grows linearly with their number', async () => {
  await sendMany(20);
  const measurements = [];
  for (const count of [50, 100, 200]) {
    const { answers, cpuMs, ms, events, id } = await sendMany(count);
    expect(statusesOf(answers).filter((status) => status >= 500)).toEqual([]);
    const { body } = await api.get(`/api/workflows/${id}/events`);
    const carriedOut = (body.events as Array<{ type: string }>).filter(
      ({ type }) => type === 'paused' || type === 'resumed',
    );
    expect(carriedOut.length).toBe(answers.filter(({ status }) => status === 200).length);
    measurements.push({ count, cpuMs: Math.round(cpuMs), ms, events });
  }
  console.log(JSON.stringify(measurements));
  const [fifty, , twoHundred] = measurements;
  // Four times as many updates: with a quadratic cost the ratio would be sixteen.
  expect(twoHundred!.cpuMs / fifty!.cpuMs).toBeLessThan(8);
  expect(twoHundred!.events / fifty!.events).toBeLessThan(8);
});

test('O12: each of 200 commands at the end of a build is answered or refused, and the record has those that were carried out', async () => {
  const id = await begin();
  const answers = await runMany(200, (n) => {
    const [path, body] = n % 2 === 0 ? ['cancel', { reason: `c${n}` }] : ['answer', { answers: { Q1: `a${n}` } }];
    return api.post(`/api/workflows/${id}/${path}`, body);
  });
  expect(statusesOf(answers)).toEqual([200, 409]);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  for (const { status, body } of answers) {
    if (status === 409) expect(body.type).toMatch(/command-(finished|nothing-asked)$/);
  }
  await handleOf(id)
    .result()
    .catch(() => undefined);
  const { body } = await api.get(`/api/workflows/${id}/events`);
  expect((body.events as Array<{ type: string }>).filter(({ type }) => type === 'cancelled')).toHaveLength(1);
});

test('O12: each signal at the end of a build is refused to its sender, or is in the record as refused', async () => {
  const id = await begin();
  const acceptedNumbers = await runMany(60, (n) =>
    handleOf(id)
      .signal(
        commandSignals[n === 20 ? 'cancel' : 'answer'],
        n === 20 ? { reason: 'end' } : { answers: { Q1: `a${n}` } },
      )
      .then(
        () => n,
        () => null,
      ),
  );
  await handleOf(id)
    .result()
    .catch(() => undefined);
  const record = await until(
    () => api.stack.deps.documents.load('records', id),
    (kept) => kept !== undefined,
  );
  const accepted = acceptedNumbers.filter((n) => n !== null && n !== 20).length;
  const { events } = await handleOf(id).fetchHistory();
  expect(events?.filter((event) => event.workflowExecutionSignaledEventAttributes)).toHaveLength(accepted + 1);
  expect(events?.filter((event) => event.workflowTaskFailedEventAttributes?.cause === 27)).toEqual([]);
  expect(record?.refused).toBe(accepted);
});

test('O12: each command during continue-as-new is answered, and the history has those that were carried out', async () => {
  const id = await begin();
  const firstRunId = (await handleOf(id).describe()).runId;
  const longReason = 'x'.repeat(1_500_000);
  const flood = runMany(6, () => handleOf(id).signal('cancel', { reason: longReason }));
  const answers = await runMany(100, toggle(id));
  await flood;
  const { runId } = await until(
    () => handleOf(id).describe(),
    (seen) => seen.runId !== firstRunId,
  );
  expect(runId).not.toBe(firstRunId);
  expect(statusesOf(answers).filter((status) => status >= 500)).toEqual([]);
  const { body } = await api.get(`/api/workflows/${id}/events`);
  const carriedOut = (body.events as Array<{ type: string }>).filter(
    ({ type }) => type === 'paused' || type === 'resumed',
  );
  expect(carriedOut.length).toBe(answers.filter(({ status }) => status === 200).length);
});

test('O12: a command that is repeated with its key during continue-as-new is carried out once', async () => {
  const id = await begin();
  const key = { 'idempotency-key': randomUUID() };
  const longReason = 'x'.repeat(1_500_000);
  const flood = runMany(5, () => handleOf(id).signal('cancel', { reason: longReason }));
  const answers = await runMany(20, () => api.post(`/api/workflows/${id}/pause`, { reason: 'once' }, key));
  await flood;
  expect(statusesOf(answers)).toEqual([200]);
  const { body } = await api.get(`/api/workflows/${id}/events`);
  expect((body.events as Array<{ type: string }>).filter(({ type }) => type === 'paused')).toHaveLength(1);
});

test('O13: a build refuses thirty signals of 1.9 MB and updates of 2.1 and 4.1 MB, and its history stays small', async () => {
  const id = await begin();
  const longReason = 'x'.repeat(1_900_000);
  // Sends no faster than the build handles signals: Temporal itself keeps a faster flood in the history (docs/decisions/0031).
  const waitForRefused = (count: number) =>
    until(
      () => api.get(`/api/workflows/${id}/status`),
      (answer) => answer.body.refused?.count === count,
    );
  for (let n = 3; n <= 30; n += 3) {
    await runMany(3, () => handleOf(id).signal('cancel', { reason: longReason }));
    await waitForRefused(n);
  }
  // The second is nearly as large as gRPC carries.
  for (const size of [2_150_000, 4_150_000]) {
    const tooLong = { args: [{ reason: 'x'.repeat(size) }] as [{ reason: string }] };
    await expect(handleOf(id).executeUpdate('cancel', tooLong)).rejects.toThrow();
  }
  const { body } = await waitForRefused(30);
  expect(body).toMatchObject({ current_state: 'discovery', status: 'waiting' });
  const description = await until(
    () => handleOf(id).describe(),
    ({ historySize = 0 }) => historySize < 5_000_000,
  );
  expect(description.historySize).toBeLessThan(5_000_000);
  const { events } = await handleOf(id).fetchHistory();
  expect(events?.filter((event) => event.workflowTaskFailedEventAttributes)).toEqual([]);
  expect((await api.post(`/api/workflows/${id}/pause`, { reason: 'it goes on' })).status).toBe(200);
});
