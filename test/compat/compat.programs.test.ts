/**
 * Tests that this version reads the data of an earlier version, all of whose processes were killed, and continues its builds.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FIXTURES, OWNER, call, readJson, startProgram, verify } from './product';
import { until } from '../until';
import type { Expected, Json, Program, State } from './product';

const STATE_SEQUENCE = Object.keys(OWNER) as State[];
const EXPECTED = readJson(join(FIXTURES, 'expected.json')) as Expected;
const CLOSED = Object.keys(EXPECTED.closed);
const OPEN = Object.keys(EXPECTED.open);
const WAITING = OPEN.filter((id) => EXPECTED.open[id]?.how !== 'by itself');

/** Members that answers did not have then, with their values in builds of that time. */
const NEW_MEMBERS = {
  status: {
    ...{ failing_tests: null, retrying: null, repository_report: null, experiments: null },
    ...{ doing: null, usage: null, waiting: null },
    ...{ budget: null, spend: null, forecast: null },
  },
  history: { repository_report: null },
  stats: {
    completed_without_release: 0,
    spend_of_ended_builds: {
      ...{ usd: 0, tokens: 0, calls: 0 },
      ...{ by_phase: {}, by_role: {}, by_attempt: {}, by_model: {} },
    },
  },
};

/** The status in the form of this version, which has new members and other texts for a build without a release. */
function inNewForm(status: Json): Json {
  const { current_state, release, next_expectations } = status;
  const unreleased = {
    state_description: 'The build is complete; nothing was released',
    next_expectations: { ...next_expectations, task: 'Nothing: the build is complete; nothing was released' },
  };
  const isUnreleased = current_state === 'complete' && release === null;
  return { ...status, ...NEW_MEMBERS.status, ...(isUnreleased ? unreleased : {}) };
}

/** Leaves out the pages of the evidence, which were no entries then, and the hashes, which depend on them. */
function withoutPages({ head: _, entries, ...record }: Json): Json {
  const entriesWithoutPages = (entries as Json[]).filter(({ kind }) => kind !== 'page');
  return { ...record, entries: entriesWithoutPages.map(({ kind, at, body }) => ({ kind, at, body })) };
}

let folder: string;
let dataDir: string;
let program: Program | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(realpathSync(tmpdir()), 'q-test-compat-'));
  // The user of the sandbox must be able to enter the folder that has production.
  chmodSync(folder, 0o755);
  execFileSync('tar', ['-xzf', join(FIXTURES, 'data-dir.tar.gz'), '--no-same-owner', '-C', folder]);
  dataDir = join(folder, 'data');
  program = await startProgram(dataDir);
});

afterAll(async () => {
  await program?.end();
  rmSync(folder, { recursive: true, force: true });
});

test.each(CLOSED)('%s, which has ended, has the same answers as before', async (id) => {
  const { status, history, events } = EXPECTED.closed[id]!;
  const usage = expect.objectContaining({ calls: expect.any(Number) });
  expect(await get(`${id}/status`)).toEqual({ ...inNewForm(status), usage });
  expect(await get(`${id}/history?limit=1000`)).toEqual({ ...history, ...NEW_MEMBERS.history });
  expect(await get(`${id}/events`)).toEqual(events);
  // The data folder holds no signing key (none is kept in a repository), so the record is signed anew.
  const { signature: _, ...record } = readJson(join(FIXTURES, 'records', `${id}.json`)) as Json;
  expect(withoutPages(await get(`${id}/record`))).toMatchObject(withoutPages(record));
});

test('each record of the earlier version can be verified', async () => {
  const verifications = await Promise.all(CLOSED.map((id) => verify(join(FIXTURES, 'records', `${id}.json`))));
  expect(verifications.filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
});

test('the ledgers count as before', async () => {
  for (const [project, stats] of Object.entries(EXPECTED.stats))
    expect(await get(`project/${project}/stats`)).toEqual({ ...stats, ...NEW_MEMBERS.stats });
});

test('a command that was sent before the kill is not carried out again with the same key', async () => {
  const { id, key, state, answer } = EXPECTED.repeated;
  expect(await advance(id, state, { 'idempotency-key': key })).toEqual(answer);
});

test.each(WAITING)('%s, which waits for a person, is in the same state as before', async (id) => {
  const { status, history, events } = EXPECTED.open[id]!;
  expect(await get(`${id}/status`)).toEqual({ ...inNewForm(status), elapsed_time: expect.any(String) });
  expect(await get(`${id}/history?limit=1000`)).toEqual({ ...history, ...NEW_MEMBERS.history });
  expect(await get(`${id}/events`)).toEqual(events);
  expect((await get(`${id}/status`)).revision).toBe(status.revision);
});

describe('each open build continues to its end:', () => {
  beforeAll(async () => {
    // The builds continue at the same time, because most of their time is waiting.
    await Promise.all(WAITING.map((id) => continueBuild(id, EXPECTED.open[id]!)));
  });

  test.each(OPEN.map((id) => [id, EXPECTED.open[id]!.how]))('%s (%s)', async (id) => {
    const { status } = await reachEnd(id);
    expect(status).toBe('complete');
    const [{ handoffs }, { events }] = [await get(`${id}/history?limit=1000`), await get(`${id}/events`)];
    const expected = EXPECTED.open[id]!;
    expect(handoffs.slice(0, expected.history.handoffs.length)).toEqual(expected.history.handoffs);
    expect(events.slice(0, expected.events.events.length)).toEqual(expected.events.events);
  });

  test('a role that was killed in its second step continued there, and its commit has the files of the first steps', async () => {
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
    // Before the kill the script had another name.
    expect(calls).toEqual([
      [1, 'scripted:slow'],
      [2, 'scripted:page'],
      [3, 'scripted:page'],
    ]);
  });

  test('a build that was killed when its release was live has released once', async () => {
    expect((await get('quick.releasing/status')).release).toMatchObject({ number: 1 });
  });

  test('each new release has its own number, above the earlier ones, and the last one is live', async () => {
    const statuses = await Promise.all(OPEN.filter((id) => id.startsWith('site.')).map((id) => get(`${id}/status`)));
    const numbers = statuses.map(({ release }) => release.number as number);
    const earlierBuilds = CLOSED.map((id) => EXPECTED.closed[id]!).filter((_, index) =>
      CLOSED[index]!.startsWith('site.'),
    );
    const last = Math.max(...earlierBuilds.map(({ status }) => status.release?.number ?? 0));
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(Math.min(...numbers)).toBeGreaterThan(last);
    expect(realpathSync(join(dataDir, 'releases/site/current'))).toMatch(RegExp(`/${Math.max(...numbers)}$`));
    expect(readFileSync(join(dataDir, 'releases/site/current/index.html'), 'utf8')).toContain('hello');
  });

  test('each build has a record that can be verified, and one key signs them all', async () => {
    const keys = new Set<string>();
    const verifications = await Promise.all(
      OPEN.map(async (id) => {
        const record = await get(`${id}/record`);
        keys.add(record.signature.public_key);
        const file = join(folder, `${id}.json`);
        writeFileSync(file, JSON.stringify(record));
        return verify(file);
      }),
    );
    expect(verifications.filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
    expect(keys.size).toBe(1);
  });

  test('the ledgers count each build once', async () => {
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

async function continueBuild(id: string, { how, status, digest }: Expected['open'][string]): Promise<void> {
  if (how === 'answer') await post(`${id}/answer`, { answers: { Q1: 'English', Q2: 'the world' } });
  if (how === 'approve') await post(`${id}/approve`, { gate: 'tampering', digest, reason: 'the old test was wrong' });
  if (how === 'approve' || how === 'retry') await post(`${id}/request-retry`, { reason: 'again' });
  if (how === 'resume') await post(`${id}/resume`, { reason: 'back' });
  if (how !== 'resume' && how !== 'advance') return;
  for (const state of STATE_SEQUENCE.slice(STATE_SEQUENCE.indexOf(status.current_state))) await advance(id, state);
}

/** Waits for the end of a build, and returns its status. */
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
