/**
 * Ten minutes of accidents while 60 builds run: all builds complete, or wait with the right reason; nothing is done twice or
 * left behind.
 *
 * Run `npm run test:chaos -- --testPathPatterns ten-minutes`. CHAOS_BUILDS, CHAOS_SECONDS and CHAOS_SEED change the numbers;
 * WRITE_RESULT=1 writes the dated table to docs/chaos-ten-minutes.md.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { ACCIDENTS, LOSS, seeded } from './ten-minutes/accidents';
import { audit, leftBehind, printResult, writeResult } from './ten-minutes/audit';
import type { End, Result } from './ten-minutes/audit';
import { openSite } from './ten-minutes/site';
import type { Site } from './ten-minutes/site';

const BUILDS = Number(process.env.CHAOS_BUILDS ?? 60);
const SECONDS = Number(process.env.CHAOS_SECONDS ?? 600);
const SEED = Number(process.env.CHAOS_SEED ?? 12);
/** As many builds wait for each other as two cores can carry. */
const OPEN_AT_ONCE = 6;
const PROJECTS = ['shop', 'site', 'notes'];
/** Rare, since each may cost a build. */
const LOSSES = Math.floor(BUILDS / 30);
const WITHIN_MS = 1_200_000;

let site: Site | undefined;
afterEach(() => site?.remove());

test(
  `${BUILDS} builds in ${SECONDS} seconds of accidents`,
  async () => {
    site = await openSite();
    const [began, until] = [Date.now(), Date.now() + SECONDS * 1_000];
    const counts = new Map<string, number>();
    const accidents = makeAccidents(site, { until, counts });
    const started = await runBuilds(site, until);
    await accidents;
    const ends = await waitForEnds(site, started);
    const result: Result = {
      ...{ seed: SEED, seconds: (Date.now() - began) / 1_000, counts, ends },
      ...(await audit(site, { started, ends })),
    };
    await site.stopAll();
    result.left = leftBehind(site);
    printResult(result);
    if (process.env.WRITE_RESULT === '1') writeResult(result);

    expect(result.untrue).toEqual([]);
    expect(result.twice).toEqual([]);
    expect(result.statsWrong).toEqual([]);
    expect(result.left).toEqual([]);
    const complete = [...ends.values()].filter(({ state }) => state === 'complete');
    expect(complete.length).toBeGreaterThanOrEqual(Math.floor((BUILDS * 50) / 60));
  },
  SECONDS * 1_000 + WITHIN_MS + 300_000,
);

async function makeAccidents(
  on: Site,
  { until, counts }: { until: number; counts: Map<string, number> },
): Promise<void> {
  const random = seeded(SEED);
  const losses = new Set(Array.from({ length: LOSSES }, () => 5 + Math.floor(random() * 40)));
  for (let number = 0; Date.now() < until; number += 1) {
    await delay(3_000 + random() * 6_000);
    const accident = losses.has(number) ? LOSS : ACCIDENTS[Math.floor(random() * ACCIDENTS.length)];
    if (accident === undefined) continue;
    // Answers before it went to a worker that may be gone behind it.
    on.model.epoch += 1;
    const happened = await accident.happens(on, random);
    on.model.epoch += 1;
    if (happened) counts.set(accident.name, (counts.get(accident.name) ?? 0) + 1);
  }
}

/** Spread over the time; the last ones may begin when it is over. Gives workflow ids. */
async function runBuilds(on: Site, until: number): Promise<string[]> {
  const started: string[] = [];
  const open = new Set<string>();
  while (started.length < BUILDS) {
    for (const id of open) if (isOver(await look(on, id))) open.delete(id);
    if (open.size >= OPEN_AT_ONCE) {
      await delay(500);
      continue;
    }
    const number = started.length;
    const project = PROJECTS[number % PROJECTS.length] ?? 'shop';
    const body = {
      ...{ build_id: `b${number}`, user_id: 'ada', requirements: 'Build me a dark mode feature' },
      repository: { path: on.repository },
    };
    const { status, body: said } = await on.call(`/${project}/start`, { body, key: `start-${number}` });
    if (status >= 300) throw new Error(`start answered ${status}: ${JSON.stringify(said)}`);
    started.push(`${project}.b${number}`);
    open.add(`${project}.b${number}`);
    const left = until - Date.now();
    if (left > 0) await delay(Math.min(left / (BUILDS - number), 5_000));
  }
  return started;
}

async function look(on: Site, id: string): Promise<End> {
  const { body } = await on.call(`/${id}/status`);
  const failure = body.failure as { type?: string } | null;
  return { state: String(body.current_state), status: String(body.status), failure: failure?.type ?? null };
}

const isOver = ({ status }: End): boolean => ['complete', 'cancelled', 'error'].includes(status);

async function waitForEnds(on: Site, started: readonly string[]): Promise<Map<string, End>> {
  const ends = new Map<string, End>();
  const until = Date.now() + WITHIN_MS;
  while (ends.size < started.length && Date.now() < until) {
    for (const id of started.filter((one) => !ends.has(one))) {
      const end = await look(on, id);
      if (isOver(end)) ends.set(id, end);
    }
    await delay(500);
  }
  for (const id of started) if (!ends.has(id)) ends.set(id, await look(on, id));
  return ends;
}
