/**
 * Tests that a worker can be killed by SIGKILL at every step of a release: exactly one release is always live, and an earlier one
 * can always be restored.
 *
 * For each step a real process dies, while the test checks production all the time.
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
/** The steps of a good release that differ from those of a sick one, which fails its smoke test. */
const WELL_STEPS = STEPS.filter(
  ([name, time]) => ['renamed', 'link-made', 'link-swapped', 'live-noted', 'judged'].includes(name) || time === 2,
);
const SICK_STEPS = [...STEPS.filter(([name, time]) => name !== 'streak' || time === 1), ...STEPS_BACK];

/** The steps at which a process was killed, and the number of checks of production meanwhile. */
const killedSteps = new Set<string>();
let checkCount = 0;
let place: string;

beforeEach(async () => {
  place = mkdtempSync(join(tmpdir(), 'q-release-kill-'));
  await runJob({ ...jobOf('first', 'well', null), place });
  expect(liveRelease()).toBe('releases/1');
});
afterEach(() => rmSync(place, { recursive: true, force: true }));
afterAll(() => {
  const expectedSteps = [
    ...SICK_STEPS.map((step) => ['sick', ...step]),
    ...WELL_STEPS.map((step) => ['well', ...step]),
  ];
  expect([...killedSteps]).toEqual(expect.arrayContaining(expectedSteps.map((step) => step.join(' '))));
  expect(checkCount).toBeGreaterThan(1_000);
});

test.each(SICK_STEPS)(
  'after a kill at %s (time %i) of a release that fails its smoke test, the previous release is live',
  async (name, time) => {
    await runUntilKilled('sick', name, time);
    const result = await whileChecking(() => runJob(jobOf('second', 'sick', null)));
    expect(result).toMatchObject({ kind: 'failed', type: 'Release.SmokeFailed' });
    expect(result.kind === 'failed' && result.message).toMatch(
      /^release 2 failed its smoke test: .*; release 1 is live now$/,
    );
    expect(liveRelease()).toBe('releases/1');
    expect(await runJob(jobOf('second', 'sick', null))).toEqual(result);
    expect(liveRelease()).toBe('releases/1');
  },
);

test.each(WELL_STEPS)(
  'after a kill at %s (time %i) of a good release, the next process makes it live',
  async (name, time) => {
    await runUntilKilled('well', name, time);
    const result = await whileChecking(() => runJob(jobOf('second', 'well', null)));
    expect(result).toMatchObject({ kind: 'live', release: { number: 2, previous: 1 } });
    expect(liveRelease()).toBe('releases/2');
  },
);

test.each(['intent', 'placed', 'locked', 'link-made', 'link-swapped', 'smoke'])(
  'after a kill at %s and a revocation, the previous release is live, and a late process of that turn changes nothing',
  async (name) => {
    await runUntilKilled('well', name, 1);
    const documents = createFileDocuments(join(place, 'documents'));
    const target = createDirectoryReleases({ root: releasesOf(place), documents });
    await whileChecking(() => target.revoke({ projectId: 'shop', buildId: 'second', turn: 6 }));
    expect(liveRelease()).toBe('releases/1');
    await expect(whileChecking(() => runJob(jobOf('second', 'well', null)))).rejects.toMatchObject({
      type: 'Release.Void',
    });
    expect(liveRelease()).toBe('releases/1');
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

async function runUntilKilled(health: ReleaseJob['health'], name: string, time: number): Promise<void> {
  const job = JSON.stringify(jobOf('second', health, { name, time }));
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', join(__dirname, 'release-child.ts'), job], {
    stdio: 'pipe',
  });
  let errorOutput = '';
  child.stderr.on('data', (chunk: Buffer) => (errorOutput += chunk.toString('utf8')));
  const signal = await whileChecking(() => new Promise((resolve) => child.on('close', (_, by) => resolve(by))));
  expect({ signal, errorOutput }).toEqual({ signal: 'SIGKILL', errorOutput: '' });
  killedSteps.add(`${health} ${name} ${time}`);
}

/** Checks production every millisecond while `run` runs, as requests of users would. */
async function whileChecking<T>(run: () => Promise<T>): Promise<T> {
  let running = true;
  const checking = (async () => {
    while (running) {
      checkProduction();
      await delay(1);
    }
  })();
  try {
    return await run();
  } finally {
    running = false;
    await checking;
  }
}

/** Checks that exactly one complete release is live: the link exists and leads to a complete folder. */
function checkProduction(): void {
  const live = liveRelease();
  const name = readFileSync(join(releasesOf(place), 'shop', live, 'name.txt'), 'utf8');
  if (name !== (live === 'releases/1' ? 'first' : 'second')) throw new Error(`${live} has the page of ${name}`);
  checkCount += 1;
}

function liveRelease(): string {
  const current = join(releasesOf(place), 'shop/current');
  const live = readlinkSync(current);
  if (!existsSync(current)) throw new Error(`${current} leads nowhere`);
  if (live !== 'releases/1' && live !== 'releases/2') throw new Error(`${live} is live`);
  return live;
}
