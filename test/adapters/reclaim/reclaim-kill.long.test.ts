/** Kills the reclaim job with SIGKILL at many moments: no named file is lost, and a later run completes the work. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { makePlace } from './place';
import type { FinishedBuild, ReclaimPlace } from './place';

const KILLS = 12;
let place: ReclaimPlace;
afterEach(() => place.remove());

/** Kills the job `afterMs` after it began to search. Returns its signal; null if the job ended earlier. */
async function killJob(afterMs: number): Promise<NodeJS.Signals | null> {
  const args = ['--require', require.resolve('tsx/cjs'), join(__dirname, 'reclaim-child.ts'), place.dataDir];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  await once(child.stdout, 'data');
  await delay(afterMs);
  child.kill('SIGKILL');
  const [, signal] = await exit;
  return signal;
}

test('O6: a job that is killed at twelve moments loses no named file, and the next run removes the rest', async () => {
  place = makePlace(2);
  const keptBuilds: FinishedBuild[] = [];
  const signals: Array<NodeJS.Signals | null> = [];
  for (let kill = 0; kill < KILLS; kill++) {
    const [completedBuild, cancelledBuild] = [
      await place.build(`stays-${kill}`, 50_000),
      await place.build(`goes-${kill}`, 50_000),
    ];
    await place.end(completedBuild, false);
    await place.end(cancelledBuild, true);
    keptBuilds.push(completedBuild);
    for (let at = 0; at < 40; at++) await place.artifacts.put(`unnamed ${kill} ${at}`);
    signals.push(await killJob(kill * 25));
  }
  expect(signals.filter((signal) => signal === 'SIGKILL').length).toBeGreaterThan(KILLS / 2);
  expect((await place.run())?.notes).toEqual([]);
  for (const build of keptBuilds) {
    expect(place.isStored(build.diff)).toBe(true);
    expect(place.git('rev-parse', place.branch(build))).toBe(build.commit);
  }
  expect(place.git('fsck', '--full', '--no-dangling')).toBe('');
  expect(place.git('for-each-ref', '--format=%(refname)')).not.toMatch(/goes|reclaim/);
  const { artifacts } = place.folders;
  const names = readdirSync(artifacts, { recursive: true }).map(String);
  expect(names.filter((name) => name.includes('reclaim'))).toEqual([]);
  // Each build still has its output and its diff; unnamed artifacts are gone.
  expect(names.filter((name) => /\/[0-9a-f]{64}$/.test(name))).toHaveLength(4 * KILLS);
}, 240_000);
