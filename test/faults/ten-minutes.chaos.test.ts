/**
 * Causes ten minutes of accidents while 60 builds run: all builds complete, or wait with the right reason; no effect is repeated, and
 * no process, lock or folder is left.
 *
 * Run `npm run test:chaos -- --testPathPatterns ten-minutes`. CHAOS_BUILDS, CHAOS_SECONDS and CHAOS_SEED change the numbers;
 * WRITE_RESULT=1 writes the dated table to docs/chaos-ten-minutes.md.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { ACCIDENTS, LOSS, seededRandom } from './ten-minutes/accidents';
import { audit, findLeftovers, printResult, writeResult } from './ten-minutes/audit';
import type { End, Result } from './ten-minutes/audit';
import { openSite } from './ten-minutes/site';
import type { Site } from './ten-minutes/site';

const BUILDS = Number(process.env.CHAOS_BUILDS ?? 60);
const SECONDS = Number(process.env.CHAOS_SECONDS ?? 600);
const SEED = Number(process.env.CHAOS_SEED ?? 12);
/** The number of open builds that two cores can run at once. */
const OPEN_AT_ONCE = 6;
const PROJECTS = ['shop', 'site', 'notes'];
/** The number of removals of artifacts: few, because each may cost a build. */
const LOSSES = Math.floor(BUILDS / 30);
const WITHIN_MS = 1_200_000;

let site: Site | undefined;
afterEach(() => site?.remove());

test(
  `${BUILDS} builds in ${SECONDS} seconds of accidents`,
  async () => {
    site = await openSite();
    const [startMs, until] = [Date.now(), Date.now() + SECONDS * 1_000];
    const counts = new Map<string, number>();
    const accidents = makeAccidents(site, { until, counts });
    const startedIds = await runBuilds(site, until);
    await accidents;
    const ends = await waitForEnds(site, startedIds);
    const result: Result = {
      ...{ seed: SEED, seconds: (Date.now() - startMs) / 1_000, counts, ends },
      ...(await audit(site, { started: startedIds, ends })),
    };
    await site.stopAll();
    result.leftovers = findLeftovers(site);
    printResult(result);
    if (process.env.WRITE_RESULT === '1') writeResult(result);

    expect(result.unexpectedEnds).toEqual([]);
    expect(result.repetitions).toEqual([]);
    expect(result.wrongStats).toEqual([]);
    expect(result.leftovers).toEqual([]);
    const complete = [...ends.values()].filter(({ state }) => state === 'complete');
    expect(complete.length).toBeGreaterThanOrEqual(Math.floor((BUILDS * 50) / 60));
  },
  SECONDS * 1_000 + WITHIN_MS + 300_000,
);

async function makeAccidents(
  target: Site,
  { until, counts }: { until: number; counts: Map<string, number> },
): Promise<void> {
  const random = seededRandom(SEED);
  const losses = new Set(Array.from({ length: LOSSES }, () => 5 + Math.floor(random() * 40)));
  for (let number = 0; Date.now() < until; number += 1) {
    await delay(3_000 + random() * 6_000);
    const accident = losses.has(number) ? LOSS : ACCIDENTS[Math.floor(random() * ACCIDENTS.length)];
    if (accident === undefined) continue;
    // Answers of the model before the accident went to a worker that may be dead after it.
    target.model.epoch += 1;
    const isCaused = await accident.cause(target, random);
    target.model.epoch += 1;
    if (isCaused) counts.set(accident.name, (counts.get(accident.name) ?? 0) + 1);
  }
}

/** Starts the builds spread over the time; the last ones may begin after it. Returns their workflow ids. */
async function runBuilds(target: Site, until: number): Promise<string[]> {
  const startedIds: string[] = [];
  const openIds = new Set<string>();
  while (startedIds.length < BUILDS) {
    for (const id of openIds) if (isOver(await readEnd(target, id))) openIds.delete(id);
    if (openIds.size >= OPEN_AT_ONCE) {
      await delay(500);
      continue;
    }
    const number = startedIds.length;
    const project = PROJECTS[number % PROJECTS.length] ?? 'shop';
    const body = {
      ...{ build_id: `b${number}`, user_id: 'ada', requirements: 'Build me a dark mode feature' },
      repository: { path: target.repository },
    };
    const { status, body: answer } = await target.call(`/${project}/start`, { body, key: `start-${number}` });
    if (status >= 300) throw new Error(`start answered ${status}: ${JSON.stringify(answer)}`);
    startedIds.push(`${project}.b${number}`);
    openIds.add(`${project}.b${number}`);
    const remainingMs = until - Date.now();
    if (remainingMs > 0) await delay(Math.min(remainingMs / (BUILDS - number), 5_000));
  }
  return startedIds;
}

async function readEnd(target: Site, id: string): Promise<End> {
  const { body } = await target.call(`/${id}/status`);
  const failure = body.failure as { type?: string } | null;
  return { state: String(body.current_state), status: String(body.status), failure: failure?.type ?? null };
}

const isOver = ({ status }: End): boolean => ['complete', 'cancelled', 'error'].includes(status);

async function waitForEnds(target: Site, startedIds: readonly string[]): Promise<Map<string, End>> {
  const ends = new Map<string, End>();
  const until = Date.now() + WITHIN_MS;
  while (ends.size < startedIds.length && Date.now() < until) {
    for (const id of startedIds.filter((one) => !ends.has(one))) {
      const end = await readEnd(target, id);
      if (isOver(end)) ends.set(id, end);
    }
    await delay(500);
  }
  for (const id of startedIds) if (!ends.has(id)) ends.set(id, await readEnd(target, id));
  return ends;
}
