/**
 * Bytes that are not valid HTTP requests: each is answered with a problem, and the connection ends.
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

/** Sends, and gives all that came until the other side closed. */
function send(...parts: string[]): Promise<string> {
  const { hostname, port } = new URL(api.url);
  return new Promise((resolve, reject) => {
    let came = '';
    const socket = connect({ host: hostname, port: Number(port) }, () => parts.forEach((part) => socket.write(part)));
    socket.on('data', (chunk) => (came += chunk.toString('utf8')));
    socket.on('end', () => resolve(came));
    socket.on('error', reject);
  });
}

const HOST = 'Host: named\r\n';
const POST = `POST /api/workflows/p/start HTTP/1.1\r\n${HOST}Content-Type: application/json\r\n`;
const long = (bytes: number) => 'a'.repeat(bytes);

test.each([
  ['words that are no HTTP', 400, 'request-malformed', ['hello\r\n\r\n']],
  ['a method nobody has', 400, 'request-malformed', [`NONSENSE / HTTP/1.1\r\n${HOST}\r\n`]],
  ['a version nobody speaks', 400, 'request-malformed', [`GET / HTTP/9.9\r\n${HOST}\r\n`]],
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
  ['20 kB of headers', 431, 'request-headers-too-large', [`GET / HTTP/1.1\r\n${HOST}X-A: ${long(20_000)}\r\n\r\n`]],
  ['an address of 100 kB', 431, 'request-headers-too-large', [`GET /?a=${long(100_000)} HTTP/1.1\r\n${HOST}\r\n`]],
  ['a request that never ends', 408, 'request-too-slow', [`GET /healthz HTTP/1.1\r\n${HOST}`]],
  ['a body that never comes', 408, 'request-too-slow', [`${POST}Content-Length: 9\r\n\r\n{`]],
])('%s is %i %s', async (_, status, type, parts) => {
  const [head = '', body = ''] = (await send(...parts)).split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} \\S`));
  expect(head).toMatch(/^content-type: application\/problem\+json/im);
  expect(head).toMatch(/^connection: close/im);
  const problem = JSON.parse(body) as Record<string, unknown>;
  expect(problem).toMatchObject({ type: `urn:q-orchestrator:problem:${type}`, status, title: expect.any(String) });
  expect(String(problem.detail).length).toBeGreaterThan(5);
});

test.each([
  ['a query of 9,000 characters', `/healthz?a=${long(9_000)}`],
  ['a list with a query of 9,000 characters', `/api/workflows?project_id=${long(9_000)}`],
  ['an address of 9,000 characters that no route has', `/${long(9_000)}`],
])('%s is 400, and says how long it may be', async (_, path) => {
  const { status, body } = await api.get(path);
  expect({ status, body }).toMatchObject({ status: 400, body: { field: '(address)', title: expect.any(String) } });
  expect(body.detail).toContain('at most 8000 characters');
});

test('an unknown Expect header is ignored, and a request by HTTP/1.0 without Host is valid', async () => {
  const close = 'Connection: close\r\n\r\n';
  expect(await send(`GET /healthz HTTP/1.1\r\n${HOST}Expect: wonders\r\n${close}`)).toMatch(/^HTTP\/1.1 200 /);
  expect(await send('GET /healthz HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1.1 200 /);
});

test('99 GB are refused when they are announced, not when they have come', async () => {
  expect(await send(`${POST}Content-Length: 99999999999\r\n\r\n{`)).toMatch(/^HTTP\/1.1 413 /);
});

test('an answer that has begun is not written over by what comes behind it', async () => {
  const came = await send(`GET /healthz HTTP/1.1\r\n${HOST}\r\n`, 'nonsense\r\n\r\n');
  const answers = came.split(/HTTP\/1\.1 (?=\d{3} )/).slice(1);
  expect(answers.map((answer) => answer.slice(0, 3)).at(0)).toMatch(/200|400/);
  for (const answer of answers) expect(() => JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).not.toThrow();
});

test('an idle connection stays open longer than clients and proxies keep theirs, so that no request is sent on a closed one', async () => {
  const answer = await fetch(`${api.url}/healthz`);
  expect(answer.headers.get('keep-alive')).toBe('timeout=75');
});
