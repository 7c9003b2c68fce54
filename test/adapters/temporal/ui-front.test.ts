/** Tests the proxy at the known address of the Web UI, with a fake server in place of the Web UI. */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openUiFront, takeUiFront } from '../../../src/adapters/temporal/ui-front';
import type { UiFront } from '../../../src/adapters/temporal/ui-front';
import { askRaw } from '../../api/raw';
import { until } from '../../until';

let ui: Server;
let target: { host: string; port: number };
const fronts: Array<Pick<UiFront, 'close'>> = [];

beforeAll(async () => {
  ui = createServer((req, res) => {
    res.setHeader('Set-Cookie', ['_csrf=a; Path=/; SameSite=None; Secure', 'b=1']);
    res.setHeader('Access-Control-Allow-Origin', '*');
    res.setHeader('X-Frame-Options', 'SAMEORIGIN');
    if (req.url === '/redirect') res.writeHead(302, { Location: '/namespaces' });
    if (req.url === '/policy') res.setHeader('Content-Security-Policy', "default-src 'self'");
    let body = '';
    req.on('data', (chunk: Buffer) => (body += chunk.toString()));
    req.on('end', () => res.end(`${req.method} ${req.url} ${body}`));
  });
  await new Promise<void>((resolve) => ui.listen(0, '127.0.0.1', resolve));
  target = { host: '127.0.0.1', port: (ui.address() as AddressInfo).port };
});
afterEach(async () => {
  for (const one of fronts.splice(0)) await one.close();
});
afterAll(() => new Promise((resolve) => ui.close(resolve)));

async function openFront(): Promise<UiFront> {
  const allowedHosts = [{ host: 'ui.example.org' }];
  const front = await openUiFront({ port: 0, allowedHosts });
  if (front === undefined) throw new Error('no free port');
  fronts.push(front);
  return front;
}

const ask = (port: number, headers: Record<string, string>, line: string) => {
  const [method = '', path = ''] = line.split(' ');
  const body = method === 'POST' ? '{}' : undefined;
  return askRaw(`http://127.0.0.1:${port}`, { method, path, headers, body });
};

test.each<[string, number, Record<string, string>, string?]>([
  ['its own name', 200, {}],
  ['localhost', 200, { host: 'localhost:PORT' }],
  ['an allowed name', 200, { host: 'ui.example.org' }],
  [
    'a link of the API',
    200,
    { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
  ],
  [
    'a command of its own page',
    200,
    { origin: 'http://127.0.0.1:PORT' },
    'POST /api/v1/namespaces/default/workflows/a/signal/b',
  ],
  ['a foreign name that resolves to this address', 421, { host: 'evil.test:PORT' }],
  ['such a name without a port', 421, { host: 'evil.test' }],
  ['another page', 403, { origin: 'http://evil.test' }],
  ['a page of another port', 403, { origin: 'http://127.0.0.1:1' }],
  [
    'a frame in another page',
    403,
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
  ],
  [
    'a link of another page to its data',
    403,
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
    'GET /api/v1/namespaces',
  ],
  ['a form of another page', 403, { origin: 'null' }, 'POST /api/v1/namespaces/default/workflows/a/signal/b'],
])('S3: the Web UI answers %s with %i', async (_what, status, headers, line = 'GET /namespaces') => {
  const { port, forwardTo } = await openFront();
  forwardTo(target);
  const headersWithPort = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value.replace('PORT', String(port))]),
  );
  const answer = await ask(port, headersWithPort, line);
  expect(answer.status).toBe(status);
  expect(answer.text.startsWith(line.slice(0, 8))).toBe(status === 200);
});

test('cookies are SameSite=Strict, no other site may frame or read the Web UI, and its redirects stay', async () => {
  const { port, forwardTo } = await openFront();
  forwardTo(target);
  const { headers } = await ask(port, {}, 'GET /namespaces');
  expect(headers['set-cookie']).toEqual(['_csrf=a; Path=/; Secure; SameSite=Strict', 'b=1; SameSite=Strict']);
  expect(headers).toMatchObject({ 'x-frame-options': 'DENY', 'content-security-policy': "frame-ancestors 'none'" });
  expect(headers).not.toHaveProperty('access-control-allow-origin');
  const policy = (await ask(port, {}, 'GET /policy')).headers['content-security-policy'];
  expect(policy).toBe("default-src 'self'; frame-ancestors 'none'");
  expect(await ask(port, {}, 'GET /redirect')).toMatchObject({ status: 302, headers: { location: '/namespaces' } });
});

test('the answer says if the Web UI is not started yet or does not answer', async () => {
  const { port, forwardTo } = await openFront();
  expect(await ask(port, {}, 'GET /namespaces')).toMatchObject({ status: 503 });
  const closedFront = await openFront();
  await closedFront.close();
  forwardTo({ host: '127.0.0.1', port: closedFront.port });
  expect(await ask(port, {}, 'GET /namespaces')).toMatchObject({ status: 502 });
});

test('another program serves the same address when the first has ended', async () => {
  const first = await openFront();
  first.forwardTo(target);
  const follower = await takeUiFront({ port: first.port, target, allowedHosts: [] });
  fronts.push(follower);
  await first.close();
  const askAgain = () => ask(first.port, {}, 'GET /namespaces').catch(() => undefined);
  expect(await until(askAgain, (answer) => answer !== undefined)).toMatchObject({ status: 200 });
  expect((await ask(first.port, { host: 'evil.test' }, 'GET /namespaces')).status).toBe(421);
});
