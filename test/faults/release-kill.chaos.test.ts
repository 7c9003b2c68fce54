/**
 * A worker is killed by SIGKILL at every step of a release: there are never two live releases or none, and an earlier release
 * can always be restored.
 *
 * Each step is a real process that really dies, while production is watched without a pause.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createFileDocuments } from '../../src/adapters/artifacts/documents';
import { createDirectoryReleases } from '../../src/adapters/releases/directory';
import { releasesOf, runJob } from './release-child';
import type { ReleaseJob } from './release-child';

const STEPS = [
  ['intent', 1],
  ['copy', 1],
  ['copied', 1],
  ['renamed', 1],
  ['placed', 1],
  ['prepared', 1],
  ['locked', 1],
  ['previous-noted', 1],
  ['link-made', 1],
  ['link-swapped', 1],
  ['moved', 1],
  ['live-noted', 1],
  ['deployed', 1],
  ['smoke', 1],
  ['streak', 1],
  ['streak', 2],
  ['judged', 1],
] as const;
const STEPS_BACK = [
  ['undone-noted', 1],
  ['link-made', 2],
  ['link-swapped', 2],
  ['moved-back', 1],
  ['put-back', 1],
] as const;
/** Of a good release the steps at which something has changed; the others are the same as of a sick one. */
const WELL = STEPS.filter(
  ([name, time]) => ['renamed', 'link-made', 'link-swapped', 'live-noted', 'judged'].includes(name) || time === 2,
);
const SICK = [...STEPS.filter(([name, time]) => name !== 'streak' || time === 1), ...STEPS_BACK];

/** Steps at which a process really ended, and looks at production while it did. */
const died = new Set<string>();
let looks = 0;
let place: string;

beforeEach(async () => {
  place = mkdtempSync(join(tmpdir(), 'q-release-kill-'));
  await runJob({ ...jobOf('first', 'well', null), place });
  expect(production()).toBe('releases/1');
});
afterEach(() => rmSync(place, { recursive: true, force: true }));
afterAll(() => {
  const asked = [...SICK.map((step) => ['sick', ...step]), ...WELL.map((step) => ['well', ...step])];
  expect([...died]).toEqual(expect.arrayContaining(asked.map((words) => words.join(' '))));
  expect(looks).toBeGreaterThan(1_000);
});

test.each(SICK)(
  'killed at %s (time %i) of a release that turns out sick: the previous release is live',
  async (name, time) => {
    await dieAt('sick', name, time);
    const result = await watched(() => runJob(jobOf('second', 'sick', null)));
    expect(result).toMatchObject({ kind: 'failed', type: 'Release.SmokeFailed' });
    expect(result.kind === 'failed' && result.message).toMatch(
      /^release 2 failed its smoke test: .*; release 1 is live now$/,
    );
    expect(production()).toBe('releases/1');
    expect(await runJob(jobOf('second', 'sick', null))).toEqual(result);
    expect(production()).toBe('releases/1');
  },
);

test.each(WELL)('killed at %s (time %i) of a good release: the next process brings it live', async (name, time) => {
  await dieAt('well', name, time);
  const result = await watched(() => runJob(jobOf('second', 'well', null)));
  expect(result).toMatchObject({ kind: 'live', release: { number: 2, previous: 1 } });
  expect(production()).toBe('releases/2');
});

test.each(['intent', 'placed', 'locked', 'link-made', 'link-swapped', 'smoke'])(
  'killed at %s and then given up: the previous release is live, and a zombie of that turn changes nothing',
  async (name) => {
    await dieAt('well', name, 1);
    const documents = createFileDocuments(join(place, 'documents'));
    const target = createDirectoryReleases({ root: releasesOf(place), documents });
    await watched(() => target.revoke({ projectId: 'shop', buildId: 'second', turn: 6 }));
    expect(production()).toBe('releases/1');
    await expect(watched(() => runJob(jobOf('second', 'well', null)))).rejects.toMatchObject({ type: 'Release.Void' });
    expect(production()).toBe('releases/1');
  },
);

function jobOf(name: string, health: ReleaseJob['health'], killAt: ReleaseJob['killAt']): ReleaseJob {
  const folder = join(place, `built-${name}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'index.html'), `<h1>${name}</h1>`);
  writeFileSync(join(folder, 'name.txt'), name);
  const order = { projectId: 'shop', buildId: name, turn: 5, id: `${name}.g1.a1.t5`, folder, commit: 'c'.repeat(40) };
  const smoke = { http: { path: '/index.html', status: 200, contains: name } };
  return { place, health, killAt, plan: { ...order, checks: { smoke, streak: { times: 3, interval_ms: 5 } } } };
}

async function dieAt(health: ReleaseJob['health'], name: string, time: number): Promise<void> {
  const job = JSON.stringify(jobOf('second', health, { name, time }));
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', join(__dirname, 'release-child.ts'), job], {
    stdio: 'pipe',
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  const signal = await watched(() => new Promise((resolve) => child.on('close', (_, by) => resolve(by))));
  expect({ signal, said }).toEqual({ signal: 'SIGKILL', said: '' });
  died.add(`${health} ${name} ${time}`);
}

/** Looks at production every millisecond while something runs, as a user's request would. */
async function watched<T>(run: () => Promise<T>): Promise<T> {
  let running = true;
  const watching = (async () => {
    while (running) {
      look();
      await delay(1);
    }
  })();
  try {
    return await run();
  } finally {
    running = false;
    await watching;
  }
}

/** Exactly one release is live, whole: a link that is never missing and never leads to half a folder. */
function look(): void {
  const live = production();
  const name = readFileSync(join(releasesOf(place), 'shop', live, 'name.txt'), 'utf8');
  if (name !== (live === 'releases/1' ? 'first' : 'second')) throw new Error(`${live} holds ${name}`);
  looks += 1;
}

function production(): string {
  const current = join(releasesOf(place), 'shop/current');
  const live = readlinkSync(current);
  if (!existsSync(current)) throw new Error(`${current} leads nowhere`);
  if (live !== 'releases/1' && live !== 'releases/2') throw new Error(`${live} is live`);
  return live;
}
