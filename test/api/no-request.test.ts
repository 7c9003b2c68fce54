/**
 * Tests bytes that are not valid HTTP requests: each gets a problem as its answer, and the connection ends.
 */
import { connect } from 'node:net';
import { LOOPBACK_ONLY } from '../../src/api/browsers';
import { serveApi } from './served';
import type { Api } from './served';

let api: Api;
beforeAll(async () => {
  api = await serveApi({
    ...{ worker: false, api: { browsers: { ...LOOPBACK_ONLY, allowedHosts: [{ host: 'named' }] } } },
    http: { headersTimeout: 300, requestTimeout: 300, connectionsCheckingInterval: 50 },
  });
});
afterAll(() => api.stop());

/** Sends the parts, and returns all bytes until the server closes the connection. */
function send(...parts: string[]): Promise<string> {
  const { hostname, port } = new URL(api.url);
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect({ host: hostname, port: Number(port) }, () => parts.forEach((part) => socket.write(part)));
    socket.on('data', (chunk) => (received += chunk.toString('utf8')));
    socket.on('end', () => resolve(received));
    socket.on('error', reject);
  });
}

const HOST = 'Host: named\r\n';
const POST = `POST /api/workflows/p/start HTTP/1.1\r\n${HOST}Content-Type: application/json\r\n`;
const letters = (bytes: number) => 'a'.repeat(bytes);

test.each([
  ['text that is not HTTP', 400, 'request-malformed', ['hello\r\n\r\n']],
  ['an unknown method', 400, 'request-malformed', [`NONSENSE / HTTP/1.1\r\n${HOST}\r\n`]],
  ['an unknown version of HTTP', 400, 'request-malformed', [`GET / HTTP/9.9\r\n${HOST}\r\n`]],
  ['a header with a NUL', 400, 'request-malformed', [`GET /healthz HTTP/1.1\r\n${HOST}X-A: a\0b\r\n\r\n`]],
  ['two lengths', 400, 'request-malformed', [`${POST}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`]],
  [
    'a length beside chunks',
    400,
    'request-malformed',
    [`${POST}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n`],
  ],
  [
    'a chunk that is no number',
    400,
    'request-malformed',
    [`${POST}Transfer-Encoding: chunked\r\n\r\n`, 'zz\r\n{}\r\n'],
  ],
  ['no Host', 400, 'request-malformed', ['GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n']],
  ['20 kB of headers', 431, 'request-headers-too-large', [`GET / HTTP/1.1\r\n${HOST}X-A: ${letters(20_000)}\r\n\r\n`]],
  ['an address of 100 kB', 431, 'request-headers-too-large', [`GET /?a=${letters(100_000)} HTTP/1.1\r\n${HOST}\r\n`]],
  ['a request that never ends', 408, 'request-too-slow', [`GET /healthz HTTP/1.1\r\n${HOST}`]],
  ['a body that never comes', 408, 'request-too-slow', [`${POST}Content-Length: 9\r\n\r\n{`]],
])('%s gets %i %s', async (_, status, type, parts) => {
  const [head = '', body = ''] = (await send(...parts)).split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} \\S`));
  expect(head).toMatch(/^content-type: application\/problem\+json/im);
  expect(head).toMatch(/^connection: close/im);
  const problem = JSON.parse(body) as Record<string, unknown>;
  expect(problem).toMatchObject({ type: `urn:q-orchestrator:problem:${type}`, status, title: expect.any(String) });
  expect(String(problem.detail).length).toBeGreaterThan(5);
});

test.each([
  ['a query of 9,000 characters', `/healthz?a=${letters(9_000)}`],
  ['a list with a query of 9,000 characters', `/api/workflows?project_id=${letters(9_000)}`],
  ['an address of 9,000 characters that no route has', `/${letters(9_000)}`],
])('%s gets 400, and the answer says how long it may be', async (_, path) => {
  const { status, body } = await api.get(path);
  expect({ status, body }).toMatchObject({ status: 400, body: { field: '(address)', title: expect.any(String) } });
  expect(body.detail).toContain('at most 8000 characters');
});

test('an unknown Expect header is ignored, and a request by HTTP/1.0 without Host is valid', async () => {
  const close = 'Connection: close\r\n\r\n';
  expect(await send(`GET /healthz HTTP/1.1\r\n${HOST}Expect: wonders\r\n${close}`)).toMatch(/^HTTP\/1.1 200 /);
  expect(await send('GET /healthz HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1.1 200 /);
});

test('a body of 99 GB is refused by its announced length, before it arrives', async () => {
  expect(await send(`${POST}Content-Length: 99999999999\r\n\r\n{`)).toMatch(/^HTTP\/1.1 413 /);
});

test('invalid bytes after a request do not damage the answer that has begun', async () => {
  const received = await send(`GET /healthz HTTP/1.1\r\n${HOST}\r\n`, 'nonsense\r\n\r\n');
  const answers = received.split(/HTTP\/1\.1 (?=\d{3} )/).slice(1);
  expect(answers.map((answer) => answer.slice(0, 3)).at(0)).toMatch(/200|400/);
  for (const answer of answers) expect(() => JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).not.toThrow();
});

test('an idle connection stays open longer than clients and proxies keep theirs, so that no request is sent on a closed one', async () => {
  const answer = await fetch(`${api.url}/healthz`);
  expect(answer.headers.get('keep-alive')).toBe('timeout=75');
});
