/**
 * Data that an earlier version left on disk, with every process killed, is read by this version, and its builds continue.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FIXTURES, OWNER, call, readJson, startProgram, verify } from './product';
import { until } from '../until';
import type { Expected, Json, Program, State } from './product';

const LINE = Object.keys(OWNER) as State[];
const EXPECTED = readJson(join(FIXTURES, 'expected.json')) as Expected;
const CLOSED = Object.keys(EXPECTED.closed);
const OPEN = Object.keys(EXPECTED.open);
const STANDING = OPEN.filter((id) => EXPECTED.open[id]?.how !== 'by itself');

/** Members that answers have got since then, as they stand in builds of that time. */
const SINCE = {
  status: {
    ...{ failing_tests: null, retrying: null, repository_report: null, experiments: null },
    ...{ doing: null, usage: null, waiting: null },
  },
  history: { repository_report: null },
  stats: { completed_without_release: 0 },
};

/** The words for a build that completed without a release said that it was live. */
function statusNow(status: Json): Json {
  const { current_state, release, next_expectations } = status;
  const unreleased = {
    state_description: 'The build is complete; nothing was released',
    next_expectations: { ...next_expectations, task: 'Nothing: the build is complete; nothing was released' },
  };
  const isUnreleased = current_state === 'complete' && release === null;
  return { ...status, ...SINCE.status, ...(isUnreleased ? unreleased : {}) };
}

/** Pages of the evidence are entries since then: what was there is the same beside them, and the chain is another one. */
function withoutPages({ head: _, entries, ...record }: Json): Json {
  const others = (entries as Json[]).filter(({ kind }) => kind !== 'page');
  return { ...record, entries: others.map(({ kind, at, body }) => ({ kind, at, body })) };
}

let folder: string;
let dataDir: string;
let program: Program | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'q-test-compat-'));
  // The user of the sandbox must be able to enter the folder in which production lies.
  chmodSync(folder, 0o755);
  execFileSync('tar', ['-xzf', join(FIXTURES, 'data-dir.tar.gz'), '--no-same-owner', '-C', folder]);
  dataDir = join(folder, 'data');
  program = await startProgram(dataDir);
});

afterAll(async () => {
  await program?.end();
  rmSync(folder, { recursive: true, force: true });
});

test.each(CLOSED)('%s, which has ended, reads as before', async (id) => {
  const { status, history, events } = EXPECTED.closed[id]!;
  const usage = expect.objectContaining({ calls: expect.any(Number) });
  expect(await get(`${id}/status`)).toEqual({ ...statusNow(status), usage });
  expect(await get(`${id}/history?limit=1000`)).toEqual({ ...history, ...SINCE.history });
  expect(await get(`${id}/events`)).toEqual(events);
  // The data folder holds no signing key (none is kept in a repository), so the record is signed anew.
  const { signature: _, ...record } = readJson(join(FIXTURES, 'records', `${id}.json`)) as Json;
  expect(withoutPages(await get(`${id}/record`))).toMatchObject(withoutPages(record));
});

test('each record of the earlier version verifies', async () => {
  const verified = await Promise.all(CLOSED.map((id) => verify(join(FIXTURES, 'records', `${id}.json`))));
  expect(verified.filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
});

test('the ledgers count as before', async () => {
  for (const [project, stats] of Object.entries(EXPECTED.stats))
    expect(await get(`project/${project}/stats`)).toEqual({ ...stats, ...SINCE.stats });
});

test('a command that was sent before is not carried out again under its key', async () => {
  const { id, key, state, answer } = EXPECTED.repeated;
  expect(await advance(id, state, { 'idempotency-key': key })).toEqual(answer);
});

test.each(STANDING)('%s, which waits for a person, stands where it stood', async (id) => {
  const { status, history, events } = EXPECTED.open[id]!;
  expect(await get(`${id}/status`)).toEqual({ ...statusNow(status), elapsed_time: expect.any(String) });
  expect(await get(`${id}/history?limit=1000`)).toEqual({ ...history, ...SINCE.history });
  expect(await get(`${id}/events`)).toEqual(events);
  expect((await get(`${id}/status`)).revision).toBe(status.revision);
});

describe('each open build goes on to its end:', () => {
  beforeAll(async () => {
    // All at once: most of their time is spent in waiting.
    await Promise.all(STANDING.map((id) => goOn(id, EXPECTED.open[id]!)));
  });

  test.each(OPEN.map((id) => [id, EXPECTED.open[id]!.how]))('%s (%s)', async (id) => {
    const { status } = await reachEnd(id);
    expect(status).toBe('complete');
    const [{ handoffs }, { events }] = [await get(`${id}/history?limit=1000`), await get(`${id}/events`)];
    const before = EXPECTED.open[id]!;
    expect(handoffs.slice(0, before.history.handoffs.length)).toEqual(before.history.handoffs);
    expect(events.slice(0, before.events.events.length)).toEqual(before.events.events);
  });

  test('what was killed in its second step took it up there, and holds what the first ones wrote', async () => {
    const files = ['index.html', 'test/page.test.js'].map((path) =>
      execFileSync('git', [`--git-dir=${dataDir}/repositories/alone.git`, 'show', `builds/writing:${path}`], {
        encoding: 'utf8',
      }),
    );
    expect(files).toEqual([expect.stringContaining('hello'), expect.stringContaining('it greets')]);
    const { entries } = await get('alone.writing/record');
    const calls = entries.flatMap(({ kind, body }: Json) =>
      kind === 'call' && body.phase === 'implementation' ? [[body.step, body.model]] : [],
    );
    // The script of before it was killed had another name.
    expect(calls).toEqual([
      [1, 'scripted:slow'],
      [2, 'scripted:page'],
      [3, 'scripted:page'],
    ]);
  });

  test('a build that was killed when its release was live has released once', async () => {
    expect((await get('quick.releasing/status')).release).toMatchObject({ number: 1 });
  });

  test('each release has a number of its own, above those of before, and the last one is live', async () => {
    const ended = await Promise.all(OPEN.filter((id) => id.startsWith('site.')).map((id) => get(`${id}/status`)));
    const numbers = ended.map(({ release }) => release.number as number);
    const before = CLOSED.map((id) => EXPECTED.closed[id]!).filter((_, index) => CLOSED[index]!.startsWith('site.'));
    const last = Math.max(...before.map(({ status }) => status.release?.number ?? 0));
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(Math.min(...numbers)).toBeGreaterThan(last);
    expect(realpathSync(join(dataDir, 'releases/site/current'))).toMatch(RegExp(`/${Math.max(...numbers)}$`));
    expect(readFileSync(join(dataDir, 'releases/site/current/index.html'), 'utf8')).toContain('hello');
  });

  test('each has a record that verifies, all signed by one key', async () => {
    const keys = new Set<string>();
    const verified = await Promise.all(
      OPEN.map(async (id) => {
        const record = await get(`${id}/record`);
        keys.add(record.signature.public_key);
        const file = join(folder, `${id}.json`);
        writeFileSync(file, JSON.stringify(record));
        return verify(file);
      }),
    );
    expect(verified.filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
    expect(keys.size).toBe(1);
  });

  test('the ledgers count them, each once', async () => {
    const all = [...CLOSED, ...OPEN];
    for (const project of new Set(all.map(projectOf))) {
      const total_workflows = all.filter((id) => projectOf(id) === project).length;
      const stats = await until(
        () => get(`project/${project}/stats`),
        ({ in_progress }) => in_progress === 0,
      );
      expect(stats).toMatchObject({ total_workflows, in_progress: 0 });
    }
  });

  test('a build that begins now goes from its start to its end', async () => {
    await post('site/start', { build_id: 'anew', user_id: 'ada', requirements: 'Build me a page that greets' });
    expect(await reachEnd('site.anew')).toMatchObject({ status: 'complete' });
  });
});

async function goOn(id: string, { how, status, digest }: Expected['open'][string]): Promise<void> {
  if (how === 'answer') await post(`${id}/answer`, { answers: { Q1: 'English', Q2: 'the world' } });
  if (how === 'approve') await post(`${id}/approve`, { gate: 'tampering', digest, reason: 'the old test was wrong' });
  if (how === 'approve' || how === 'retry') await post(`${id}/request-retry`, { reason: 'again' });
  if (how === 'resume') await post(`${id}/resume`, { reason: 'back' });
  if (how !== 'resume' && how !== 'advance') return;
  for (const state of LINE.slice(LINE.indexOf(status.current_state))) await advance(id, state);
}

/** Its status once nothing more comes by itself. */
function reachEnd(id: string): Promise<Json> {
  return until(
    () => get(`${id}/status`),
    ({ status }) => ['complete', 'cancelled', 'error'].includes(status),
    180_000,
  );
}

function advance(id: string, state: State, headers: Record<string, string> = {}): Promise<Json> {
  const body = { role: OWNER[state], completed_state: state, phase_result: { summary: `${state} is done` } };
  return post(`${id}/advance`, body, headers);
}

const get = (path: string): Promise<Json> => call(program, 'GET', path);
const post = (path: string, body: object, headers = {}): Promise<Json> => call(program, 'POST', path, body, headers);

function projectOf(id: string): string {
  return id.split('.')[0]!;
}
