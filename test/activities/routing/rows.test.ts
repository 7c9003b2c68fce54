/**
 * One test for each row of docs/routing.md: real adapters and a real activity against a server that fails in the row's way. The
 * server counts the calls; the most of them stands in the row.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as server from '../../adapters/models/faulty-server';
import { PROTOCOLS } from '../../adapters/models/protocols';
import type { Protocol } from '../../adapters/models/protocols';
import { ANSWER, openRouting } from './one-step';
import type { Provider, StepEnd } from './one-step';

const [anthropic, openai] = ['anthropic', 'openai'].map((name) => PROTOCOLS.find((one) => one.name === name)) as [
  Protocol,
  Protocol,
];
const DOCUMENT = readFileSync(join(__dirname, '../../../docs/routing.md'), 'utf8');
/** The most calls by row. */
const MOST = new Map(
  [...DOCUMENT.matchAll(/^\| `([\w-]+)` \|[^|]*\|[^|]*\| (\d+) \|/gm)].map(([, id = '', most]) => [id, Number(most)]),
);

const SPECIFICATION = JSON.stringify(ANSWER);
const answer = anthropic.answer(SPECIFICATION);
/** The events up to the first part of the answer. */
const beginning = answer.slice(0, answer.findIndex((part) => part.includes('text_delta')) + 1);
const good = server.events(answer);
const DAYS_S = 302_400;

interface Row {
  /** The replies of the server, in order; the last one again and again. */
  replies: server.Reply[];
  limits?: Provider['limits'];
  expects: Partial<Omit<StepEnd, 'message'>>;
}

/** The breaker opens after the fifth failure for 30 s, and for twice as long after each probe; a second before each wait is a retry's. */
const DOWN = { waits: [14, 59, 119, 239, 479, ...Array<number>(15).fill(599)] };
const unavailable = { ...DOWN, end: 'Model.Unavailable', paid: 0 };

const ROWS: Record<string, Row> = {
  'rate-limit-seconds': {
    replies: [server.status(429, { 'retry-after': '10' })],
    expects: { end: 'Model.RateLimited', waits: [], delays: Array<number>(19).fill(10) },
  },
  'rate-limit-days': {
    replies: [server.status(429, { 'retry-after': String(DAYS_S) })],
    expects: { end: 'Model.RateLimited', waits: Array<number>(20).fill(DAYS_S), delays: [] },
  },
  overloaded: { replies: [server.status(529)], expects: unavailable },
  burst: {
    replies: [...Array<server.Reply>(4).fill(server.status(500)), good],
    expects: { end: 'answered', delays: [1, 2, 4, 8], waits: [], paid: 1 },
  },
  'server-error': { replies: [server.status(500)], expects: unavailable },
  reset: { replies: [server.reset()], expects: unavailable },
  'black-hole': {
    replies: [server.silence()],
    limits: { idleTimeoutMs: 40 },
    expects: { ...DOWN, end: 'Model.Unavailable', paid: 0 },
  },
  'web-page': { replies: [server.page()], expects: unavailable },
  'slow-stream': {
    replies: [slowly(answer, 20)],
    limits: { idleTimeoutMs: 5_000 },
    expects: { end: 'answered', paid: 1, waits: [], delays: [] },
  },
  'endless-stream': {
    replies: [server.trickle(beginning.join(''), 10)],
    limits: { timeoutMs: 120 },
    expects: { end: 'Model.AnswersLost', paid: 5, waits: [] },
  },
  'cut-stream': { replies: [server.cutAfter(beginning)], expects: { end: 'Model.AnswersLost', paid: 5, waits: [] } },
  'cut-early': { replies: [server.cutAfter([': wait\n\n'])], expects: unavailable },
  'no-key': { replies: [server.status(401)], expects: { end: 'Model.Unauthorized', waits: [], delays: [] } },
  'bad-request': { replies: [server.status(400)], expects: { end: 'Model.BadRequest', waits: [], delays: [] } },
};
/** Rows with tests of their own below. */
const OTHERS = ['refused', 'fallback', 'all-dead', 'pace'];

const closers: Array<() => Promise<unknown>> = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function serve(replies: server.Reply[]): Promise<server.FaultyServer> {
  const last = replies.at(-1) as server.Reply;
  const faulty = await server.faultyServer(...replies, ...Array<server.Reply>(200).fill(last));
  closers.push(() => faulty.close());
  return faulty;
}

async function open(provider: Provider) {
  const routing = await openRouting(provider);
  closers.push(() => routing.close());
  return routing;
}

const mostOf = (row: string): number => MOST.get(row) ?? -1;

test('each row of docs/routing.md has a test here, and each test has a row', () => {
  expect([...MOST.keys()].sort()).toEqual([...Object.keys(ROWS), ...OTHERS].sort());
});

test.each(Object.entries(ROWS))(
  '%s: what the step comes to, and at most as many calls as the row says',
  async (id, row) => {
    const faulty = await serve(row.replies);
    const { step } = await open({
      chain: anthropic.spec,
      access: anthropic.access(faulty.origin),
      limits: row.limits ?? {},
    });
    expect(await step()).toMatchObject(row.expects);
    expect(faulty.requests).toHaveLength(mostOf(id));
  },
);

test('refused: connections that are refused make as many calls as the row says', async () => {
  const faulty = await serve([server.status(500)]);
  await faulty.close();
  let calls = 0;
  const counting: typeof fetch = (...args) => {
    calls += 1;
    return fetch(...args);
  };
  const limits = { fetch: counting };
  const { step } = await open({ chain: anthropic.spec, access: anthropic.access(faulty.origin), limits });
  expect(await step()).toMatchObject(unavailable);
  expect(calls).toBe(mostOf('refused'));
});

test('fallback: the second model answers at once, and the first is called five times in all while its breaker opens', async () => {
  const [dead, alive] = [await serve([server.status(503)]), await serve([server.events(openai.answer(SPECIFICATION))])];
  const access = { ...anthropic.access(dead.origin), ...openai.access(alive.origin) };
  const { step } = await open({ chain: `${anthropic.spec},${openai.spec}`, access });
  for (let attempt = 1; attempt <= 9; attempt += 1)
    expect(await step(attempt)).toMatchObject({ end: 'answered', waits: [], delays: [], paid: 1 });
  expect(dead.requests).toHaveLength(mostOf('fallback'));
  expect(alive.requests).toHaveLength(9);
});

test('all-dead: each provider of a chain gets at most as many calls as the row says, and the build waits for the first to come back', async () => {
  const servers = [await serve([server.status(500)]), await serve([server.reset()])] as const;
  const access = { ...anthropic.access(servers[0].origin), ...openai.access(servers[1].origin) };
  const { step } = await open({ chain: `${anthropic.spec},${openai.spec}`, access });
  expect(await step()).toMatchObject(unavailable);
  for (const { requests } of servers) expect(requests).toHaveLength(mostOf('all-dead'));
});

test('pace: a call above the limit waits in the build with its end, keeps its place, and is made once', async () => {
  const faulty = await serve([good]);
  const limits = { pace: { callsPerMinute: 1 } };
  const { step, clock } = await open({ chain: anthropic.spec, access: anthropic.access(faulty.origin), limits });
  expect(await step(1)).toMatchObject({ end: 'answered', waits: [] });
  expect(await step(2)).toMatchObject({ end: 'answered', waits: [60] });
  expect(faulty.requests).toHaveLength(1 + mostOf('pace'));
  // A short wait is made inside the activity.
  clock.pass(57_000);
  expect(await step(3)).toMatchObject({ end: 'answered', waits: [] });
  expect(faulty.requests).toHaveLength(3);
});

/** Sends the parts one by one. */
function slowly(parts: string[], everyMs: number): server.Reply {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const pending = [...parts];
    const timer = setInterval(() => {
      const part = pending.shift();
      if (part === undefined) {
        clearInterval(timer);
        response.end();
      } else response.write(part);
    }, everyMs);
    response.on('close', () => clearInterval(timer));
  };
}
