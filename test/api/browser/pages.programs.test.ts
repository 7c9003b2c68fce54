/**
 * `npm start` and a real browser: pages of other origins can neither read from the API nor change a build.
 *
 * A page of an allowed origin runs the same code with success, so that an attack that never works would be noticed.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { readRecord } from '../../../src/adapters/temporal/server-record';
import { listeningAddresses } from '../../adapters/temporal/listening';
import { beginProgram } from '../../e2e/a-program';
import type { Program } from '../../e2e/a-program';
import { until } from '../../until';
import { withTool } from '../../with-tool';
import { LOADING, TRUSTED } from './loading';
import { REBOUND } from './rebound';
import { SENDING } from './sending';
import { openPage, openSite } from './site';
import type { Site } from './site';
import { REBOUND_GRPC, REBOUND_UI, TO_TEMPORAL } from './temporal';
import { codeOf } from './ways';
import type { Targets, Way } from './ways';

const test = withTool('chromium');
const BUILD = '/api/workflows/shop.b1';
const SENTENCE = 'Build me a lighthouse';
/** Words of the API, the Web UI and the metrics that no page may see. */
const INSIDE = [
  'lighthouse',
  'current_state',
  '"status":"ok"',
  'Q Orchestrator',
  '"namespace',
  '"executions"',
  '# HELP',
  'Temporal',
];
/** The test's own requests, which it leaves out of what browsers sent. */
const OWN = { 'x-request-id': 'own' };
const MINUTES = 60_000;

let folder: string;
let program: Program;
let site: Site;
let at: Targets;

beforeAll(async () => {
  if (test === globalThis.test.skip) return;
  folder = mkdtempSync(join(tmpdir(), 'q-test-pages-'));
  site = await openSite();
  const friend = `http://friend.test:${site.port}`;
  const env = { LOG_LEVEL: 'debug', LOG_FORMAT: 'json', CORS_ORIGINS: friend, ALLOWED_HOSTS: 'good.test' };
  program = beginProgram({ name: 'start', folder, env });
  const [, api = ''] = await program.seen(/^ready (http\S+)/m);
  const { port: grpcPort = 0, uiPort = 0, server } = (await readRecord(join(folder, 'data'))) ?? {};
  const listening = listeningAddresses(server?.pid ?? 0).map(({ port }) => port);
  at = {
    ...{ api, port: Number(new URL(api).port), build: BUILD, ui: `http://127.0.0.1:${uiPort}`, uiPort, grpcPort },
    ...{ others: listening.filter((port) => port !== grpcPort), site: `http://127.0.0.1:${site.port}` },
  };
  await command('shop/start', { build_id: 'b1', user_id: 'ada', requirements: SENTENCE });
  // The look at its repository is over once it waits for a person.
  await until(
    () => ask(`${BUILD}/status`),
    ({ status }) => status === 'waiting',
  );
}, 10 * MINUTES);

afterAll(async () => {
  await site?.close();
  program?.child.kill('SIGINT');
  await program?.exitCode;
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}, 2 * MINUTES);

async function ask(path: string): Promise<Record<string, unknown>> {
  return (await (await fetch(at.api + path, { headers: OWN })).json()) as Record<string, unknown>;
}

async function command(path: string, body: object): Promise<number> {
  const headers = { ...OWN, 'content-type': 'application/json' };
  return (await fetch(`${at.api}/api/workflows/${path}`, { method: 'POST', headers, body: JSON.stringify(body) }))
    .status;
}

/** What a page could have changed: the build, its history, and which builds there are. */
async function standing(): Promise<unknown> {
  const [status, record, list] = [
    await ask(`${BUILD}/status`),
    await ask(`${BUILD}/events`),
    await ask('/api/workflows'),
  ];
  const { revision, current_state, status: how } = status;
  return { revision, current_state, how, events: record.events, builds: (list.workflows as unknown[]).length };
}

interface Logged {
  req: { id: string; method: string; url: string };
  res: { statusCode: number };
}

/** Requests that the API has answered, but for the test's own. */
function answered(): Logged[] {
  return program
    .said()
    .split('\n')
    .filter((line) => line.startsWith('{') && line.includes('"req":'))
    .map((line) => JSON.parse(line) as Logged)
    .filter(({ req }) => !req.id.startsWith('own'));
}

async function tryWay(page: Page, way: Way): Promise<{ said: string; statuses: number[] }> {
  const before = answered().length;
  const said = String(await page.evaluate(codeOf(way, at)));
  await until(
    async () => answered().length - before,
    (count) => count >= (way.arrives ?? 0),
  );
  const statuses = answered()
    .slice(before)
    .map(({ res }) => res.statusCode);
  return { said, statuses };
}

/** Tries each way from a page of its own of that origin, and gives those that read something or that the API answered. */
async function tryAll(origin: string, ways: Way[], isRebound = false): Promise<unknown[]> {
  const [before, first] = [await standing(), answered().length];
  const context = await site.browser.newContext();
  const successes: unknown[] = [];
  for (const way of ways) {
    const page = await openPage(context, origin, isRebound);
    const { said } = await tryWay(page, way);
    await page.close();
    const read = INSIDE.filter((word) => said.includes(word));
    if (read.length > 0) successes.push({ way: way.name, read });
  }
  await context.close();
  await settle();
  const passed = answered()
    .slice(first)
    .filter(({ res }) => res.statusCode < 400)
    .map(({ req, res }) => `${req.method} ${req.url} ${res.statusCode}`);
  expect(await standing()).toEqual(before);
  return [...successes, ...passed];
}

/** The log is written behind the answers: it is whole once it has a later request of ours. */
async function settle(): Promise<void> {
  const id = `own-${randomUUID()}`;
  await fetch(`${at.api}/nothing`, { headers: { 'x-request-id': id } });
  await until(
    async () => program.said().includes(id),
    (isThere) => isThere,
  );
}

const named = (name: string, ways: Way[]): Way => {
  const way = ways.find((one) => one.name === name);
  if (way === undefined) throw new Error(`there is no way ${name}`);
  return way;
};

test(
  'S3 S5: a page of another site has no way, by code, forms, elements or windows',
  async () => {
    const ways = [...SENDING, ...LOADING];
    expect(ways.length).toBeGreaterThanOrEqual(50);
    expect(await tryAll(`http://evil.test:${site.port}`, ways)).toEqual([]);
  },
  15 * MINUTES,
);

test(
  'S3 S5: a page of another port of this machine has none, though the browser calls it the same site',
  async () => {
    expect(await tryAll(at.site, [...SENDING, ...LOADING, ...TRUSTED])).toEqual([]);
  },
  15 * MINUTES,
);

test(
  'S3: a page whose name is re-pointed to the API has none',
  async () => {
    expect(await tryAll(`http://evil.test:${at.port}`, REBOUND, true)).toEqual([]);
    expect(await tryAll(`http://localhost.evil.test:${at.port}`, REBOUND.slice(0, 2), true)).toEqual([]);
  },
  10 * MINUTES,
);

test(
  'S3 S4: neither kind of page reaches Temporal, by its Web UI or any port of the server',
  async () => {
    expect(await tryAll(`http://evil.test:${site.port}`, TO_TEMPORAL)).toEqual([]);
    expect(await tryAll(at.site, TO_TEMPORAL)).toEqual([]);
    expect(await tryAll(`http://evil.test:${at.uiPort}`, REBOUND_UI, true)).toEqual([]);
    expect(await tryAll(`http://evil.test:${at.grpcPort}`, REBOUND_GRPC, true)).toEqual([]);
  },
  10 * MINUTES,
);

test('a page of an allowed origin reads and commands by the same code', async () => {
  const page = await openPage(await site.browser.newContext(), `http://friend.test:${site.port}`, false);
  const seen = await tryWay(page, { ...named('fetch of the status', SENDING), arrives: 1 });
  expect(seen.said).toContain('lighthouse');
  const paused = await tryWay(page, { ...named('POST of JSON, with its preflight', SENDING), arrives: 2 });
  expect(paused.said).toContain('"paused":true');
  expect(paused.statuses).toEqual([204, 200]);
  // Also from there a form is none of the ways.
  const form = await tryWay(page, { ...named('POST of JSON in text/plain', SENDING), arrives: 1 });
  expect(form.statuses).toEqual([415]);
  expect(await command('shop.b1/resume', {})).toBe(200);
  await page.context().close();
});

test('an allowed name that leads here reads and commands by the same code, and so it does in the Web UI', async () => {
  const page = await openPage(await site.browser.newContext(), `http://good.test:${at.port}`, true);
  expect((await tryWay(page, named('status', REBOUND))).said).toContain('lighthouse');
  expect((await tryWay(page, named('pause', REBOUND))).said).toContain('"paused":true');
  expect(await command('shop.b1/resume', {})).toBe(200);
  const ui = await openPage(page.context(), `http://good.test:${at.uiPort}`, true);
  expect((await tryWay(ui, named('workflows', REBOUND_UI))).said).toContain('"executions"');
  await tryWay(ui, named('signal with the token of its cookie', REBOUND_UI));
  await until(
    () => ask(`${BUILD}/status`),
    ({ status }) => status === 'paused',
  );
  await page.context().close();
});

test('people see the page of the API and the build in the Web UI, also by a link from another site', async () => {
  const page = await openPage(await site.browser.newContext(), `http://evil.test:${site.port}`, false);
  const link = (url: string) =>
    page.evaluate(
      `document.body.append(Object.assign(document.createElement('a'), { href: ${JSON.stringify(url)}, id: 'to', textContent: 'to' }))`,
    );
  await link(`${at.api}/`);
  await page.click('#to');
  await page.getByText('Q Orchestrator').first().waitFor();
  const all = page.getByRole('link', { name: 'all builds' });
  await all.click();
  await page.getByText('shop.b1').first().waitFor();
  expect(page.url()).toContain(at.ui);
  await page.context().close();
});
