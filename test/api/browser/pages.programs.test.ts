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
import { LOADING_ATTACKS, TRUSTED_PAGE_ATTACKS } from './loading';
import { REBINDING_ATTACKS } from './rebound';
import { SENDING_ATTACKS } from './sending';
import { openPage, openSite } from './site';
import type { Site } from './site';
import { GRPC_REBINDING_ATTACKS, WEB_UI_REBINDING_ATTACKS, TEMPORAL_ATTACKS } from './temporal';
import { codeOf } from './ways';
import type { Targets, Attack } from './ways';

const test = withTool('chromium');
const BUILD = '/api/workflows/shop.b1';
const SENTENCE = 'Build me a lighthouse';
/** Words of the API, the Web UI and the metrics that no page may see. */
const INSIDE_TEXTS = [
  'lighthouse',
  'current_state',
  '"status":"ok"',
  'Q Orchestrator',
  '"namespace',
  '"executions"',
  '# HELP',
  'Temporal',
];
/** The header of the test's own requests, which do not count as requests of a browser. */
const OWN_HEADERS = { 'x-request-id': 'own' };
const MINUTE_MS = 60_000;

let folder: string;
let program: Program;
let site: Site;
let targets: Targets;

beforeAll(async () => {
  if (test === globalThis.test.skip) return;
  folder = mkdtempSync(join(tmpdir(), 'q-test-pages-'));
  site = await openSite();
  const friend = `http://friend.test:${site.port}`;
  const env = { LOG_LEVEL: 'debug', LOG_FORMAT: 'json', CORS_ORIGINS: friend, ALLOWED_HOSTS: 'good.test' };
  program = beginProgram({ name: 'start', folder, env });
  const [, api = ''] = await program.waitFor(/^ready (http\S+)/m);
  const { port: grpcPort = 0, uiPort = 0, server } = (await readRecord(join(folder, 'data'))) ?? {};
  const listening = listeningAddresses(server?.pid ?? 0).map(({ port }) => port);
  targets = {
    ...{ api, port: Number(new URL(api).port), build: BUILD, ui: `http://127.0.0.1:${uiPort}`, uiPort, grpcPort },
    ...{ otherPorts: listening.filter((port) => port !== grpcPort), site: `http://127.0.0.1:${site.port}` },
  };
  await command('shop/start', { build_id: 'b1', user_id: 'ada', requirements: SENTENCE });
  // When the build waits for a person, the check of its repository has ended.
  await until(
    () => ask(`${BUILD}/status`),
    ({ status }) => status === 'waiting',
  );
}, 10 * MINUTE_MS);

afterAll(async () => {
  await site?.close();
  program?.child.kill('SIGINT');
  await program?.exitCode;
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}, 2 * MINUTE_MS);

async function ask(path: string): Promise<Record<string, unknown>> {
  return (await (await fetch(targets.api + path, { headers: OWN_HEADERS })).json()) as Record<string, unknown>;
}

async function command(path: string, body: object): Promise<number> {
  const headers = { ...OWN_HEADERS, 'content-type': 'application/json' };
  return (await fetch(`${targets.api}/api/workflows/${path}`, { method: 'POST', headers, body: JSON.stringify(body) }))
    .status;
}

/** Reads what a page could have changed: the build, its history, and the number of builds. */
async function readBuildState(): Promise<unknown> {
  const [status, record, list] = [
    await ask(`${BUILD}/status`),
    await ask(`${BUILD}/events`),
    await ask('/api/workflows'),
  ];
  const { revision, current_state, status: how } = status;
  return { revision, current_state, how, events: record.events, builds: (list.workflows as unknown[]).length };
}

interface LoggedRequest {
  req: { id: string; method: string; url: string };
  res: { statusCode: number };
}

/** The requests that the API has answered, without the test's own. */
function answeredRequests(): LoggedRequest[] {
  return program
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{') && line.includes('"req":'))
    .map((line) => JSON.parse(line) as LoggedRequest)
    .filter(({ req }) => !req.id.startsWith('own'));
}

async function tryAttack(page: Page, attack: Attack): Promise<{ result: string; statuses: number[] }> {
  const before = answeredRequests().length;
  const result = String(await page.evaluate(codeOf(attack, targets)));
  await until(
    async () => answeredRequests().length - before,
    (count) => count >= (attack.loggedRequests ?? 0),
  );
  const statuses = answeredRequests()
    .slice(before)
    .map(({ res }) => res.statusCode);
  return { result, statuses };
}

/** Tries each attack from its own page of that origin; returns the attacks that read something, and the requests that the API accepted. */
async function tryAll(origin: string, attacks: Attack[], isRebound = false): Promise<unknown[]> {
  const [before, first] = [await readBuildState(), answeredRequests().length];
  const context = await site.browser.newContext();
  const successes: unknown[] = [];
  for (const attack of attacks) {
    const page = await openPage(context, origin, isRebound);
    const { result } = await tryAttack(page, attack);
    await page.close();
    const read = INSIDE_TEXTS.filter((word) => result.includes(word));
    if (read.length > 0) successes.push({ attack: attack.name, read });
  }
  await context.close();
  await waitForLog();
  const acceptedRequests = answeredRequests()
    .slice(first)
    .filter(({ res }) => res.statusCode < 400)
    .map(({ req, res }) => `${req.method} ${req.url} ${res.statusCode}`);
  expect(await readBuildState()).toEqual(before);
  return [...successes, ...acceptedRequests];
}

/** Waits until the log is complete: the API logs a request after its answer, so a later request of the test must be in the log. */
async function waitForLog(): Promise<void> {
  const id = `own-${randomUUID()}`;
  await fetch(`${targets.api}/nothing`, { headers: { 'x-request-id': id } });
  await until(
    async () => program.output().includes(id),
    (isThere) => isThere,
  );
}

const findAttack = (name: string, attacks: Attack[]): Attack => {
  const attack = attacks.find((one) => one.name === name);
  if (attack === undefined) throw new Error(`there is no attack ${name}`);
  return attack;
};

test(
  'S3 S5: a page of another site reads and changes nothing, by code, forms, elements or windows',
  async () => {
    const attacks = [...SENDING_ATTACKS, ...LOADING_ATTACKS];
    expect(attacks.length).toBeGreaterThanOrEqual(50);
    expect(await tryAll(`http://evil.test:${site.port}`, attacks)).toEqual([]);
  },
  15 * MINUTE_MS,
);

test(
  'S3 S5: a page of another port of this machine reads and changes nothing, although the browser calls it the same site',
  async () => {
    expect(await tryAll(targets.site, [...SENDING_ATTACKS, ...LOADING_ATTACKS, ...TRUSTED_PAGE_ATTACKS])).toEqual([]);
  },
  15 * MINUTE_MS,
);

test(
  'S3: a page whose host name is changed to resolve to the API reads and changes nothing',
  async () => {
    expect(await tryAll(`http://evil.test:${targets.port}`, REBINDING_ATTACKS, true)).toEqual([]);
    expect(await tryAll(`http://localhost.evil.test:${targets.port}`, REBINDING_ATTACKS.slice(0, 2), true)).toEqual([]);
  },
  10 * MINUTE_MS,
);

test(
  'S3 S4: neither kind of page reaches Temporal, by its Web UI or any port of the server',
  async () => {
    expect(await tryAll(`http://evil.test:${site.port}`, TEMPORAL_ATTACKS)).toEqual([]);
    expect(await tryAll(targets.site, TEMPORAL_ATTACKS)).toEqual([]);
    expect(await tryAll(`http://evil.test:${targets.uiPort}`, WEB_UI_REBINDING_ATTACKS, true)).toEqual([]);
    expect(await tryAll(`http://evil.test:${targets.grpcPort}`, GRPC_REBINDING_ATTACKS, true)).toEqual([]);
  },
  10 * MINUTE_MS,
);

test('a page of an allowed origin can read and send commands by the same code', async () => {
  const page = await openPage(await site.browser.newContext(), `http://friend.test:${site.port}`, false);
  const reading = await tryAttack(page, { ...findAttack('fetch of the status', SENDING_ATTACKS), loggedRequests: 1 });
  expect(reading.result).toContain('lighthouse');
  const postOfJson = findAttack('POST of JSON, with its preflight', SENDING_ATTACKS);
  const pausing = await tryAttack(page, { ...postOfJson, loggedRequests: 2 });
  expect(pausing.result).toContain('"paused":true');
  expect(pausing.statuses).toEqual([204, 200]);
  // A form of this page is refused, too.
  const postOfText = findAttack('POST of JSON in text/plain', SENDING_ATTACKS);
  const form = await tryAttack(page, { ...postOfText, loggedRequests: 1 });
  expect(form.statuses).toEqual([415]);
  expect(await command('shop.b1/resume', {})).toBe(200);
  await page.context().close();
});

test('a page with an allowed host name can read and send commands by the same code, also in the Web UI', async () => {
  const page = await openPage(await site.browser.newContext(), `http://good.test:${targets.port}`, true);
  expect((await tryAttack(page, findAttack('status', REBINDING_ATTACKS))).result).toContain('lighthouse');
  expect((await tryAttack(page, findAttack('pause', REBINDING_ATTACKS))).result).toContain('"paused":true');
  expect(await command('shop.b1/resume', {})).toBe(200);
  const ui = await openPage(page.context(), `http://good.test:${targets.uiPort}`, true);
  expect((await tryAttack(ui, findAttack('workflows', WEB_UI_REBINDING_ATTACKS))).result).toContain('"executions"');
  await tryAttack(ui, findAttack('signal with the token of its cookie', WEB_UI_REBINDING_ATTACKS));
  await until(
    () => ask(`${BUILD}/status`),
    ({ status }) => status === 'paused',
  );
  await page.context().close();
});

test('a person who follows a link from another site sees the page of the API, and the build in the Web UI', async () => {
  const page = await openPage(await site.browser.newContext(), `http://evil.test:${site.port}`, false);
  const link = (url: string) =>
    page.evaluate(
      `document.body.append(Object.assign(document.createElement('a'), { href: ${JSON.stringify(url)}, id: 'to', textContent: 'to' }))`,
    );
  await link(`${targets.api}/`);
  await page.click('#to');
  await page.getByText('Q Orchestrator').first().waitFor();
  const all = page.getByRole('link', { name: 'all builds' });
  await all.click();
  await page.getByText('shop.b1').first().waitFor();
  expect(page.url()).toContain(targets.ui);
  await page.context().close();
});
