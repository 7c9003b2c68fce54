/**
 * Tests which requests the API accepts, written byte for byte as browsers, proxies and attackers send them.
 *
 * `browser/pages.programs.test.ts` tests the same with a real browser.
 */
import { connect } from 'node:net';
import { serveApi } from './served';
import type { Answer, Api } from './served';

const APP = 'https://app.example.org';
let api: Api;
let port: string;
let id: string;

beforeAll(async () => {
  const browsers = { host: '127.0.0.1', allowedHosts: [{ host: 'q.example.org' }], origins: [APP] };
  api = await serveApi({ api: { browsers } });
  ({ port } = new URL(api.url));
  const project = api.newProject();
  id = `${project}.b1`;
  await api.post(`/api/workflows/${project}/start`, { build_id: 'b1', user_id: 'u', requirements: 'Dark mode' });
});
afterAll(() => api.stop());

type RawAnswer = Pick<Answer, 'status' | 'body'> & { headers: Record<string, string> };

/** Sends one request with these header lines; `:port` stands for the port of the API. */
function send(line: string, headers: string[], body = ''): Promise<RawAnswer> {
  const length = body === '' ? [] : [`Content-Length: ${body.length}`];
  const head = [line.replace(':id', `/api/workflows/${id}`), ...headers, ...length, 'Connection: close'];
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () =>
      socket.write(`${head.join('\r\n').replaceAll(':port', `:${port}`)}\r\n\r\n${body}`),
    );
    let received = '';
    socket.on('data', (chunk) => (received += chunk.toString()));
    socket.on('end', () => resolve(parse(received)));
    socket.on('error', reject);
  });
}

function parse(received: string): RawAnswer {
  const [head = '', text = ''] = received.split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
  );
  const isJson = headers['content-type']?.includes('json') && text.startsWith('{');
  return { status: Number(first.split(' ')[1]), headers, body: isJson ? JSON.parse(text) : text };
}

const GET = 'GET :id/status HTTP/1.1';
const PAUSE = 'POST :id/pause HTTP/1.1';
const HOST = 'Host: 127.0.0.1:port';
const EVIL_HOST = 'Host: evil.test:port';
const OWN_ORIGIN = 'Origin: http://127.0.0.1:port';
const JSON_TYPE = 'Content-Type: application/json';
const readStatus = async () => (await api.get(`/api/workflows/${id}/status`)).body as Record<string, unknown>;

test.each<[string, number, string, string[]]>([
  // Names
  ['a name of an attacker', 421, GET, [EVIL_HOST]],
  ['a name of an attacker without a port', 421, GET, ['Host: evil.test']],
  ['a name of an attacker that begins with a name of the API', 421, GET, ['Host: localhost.evil.test:port']],
  ['a name of an attacker that ends with a name of the API', 421, GET, ['Host: evil-localhost:port']],
  ['a name of the API with a dot after it', 421, GET, ['Host: localhost.:port']],
  ['another port', 421, GET, ['Host: localhost:1']],
  ['no port, which is port 80', 421, GET, ['Host: localhost']],
  ['the address of every interface', 421, GET, ['Host: 0.0.0.0:port']],
  ['the address of the API, mapped', 421, GET, ['Host: [::ffff:127.0.0.1]:port']],
  ['the address of the API in hexadecimal', 421, GET, ['Host: 0x7f.0.0.1:port']],
  ['the address of the API as one number', 421, GET, ['Host: 2130706433:port']],
  ['the address of the API, shortened', 421, GET, ['Host: 127.1:port']],
  ['another address of the loopback', 421, GET, ['Host: 127.0.0.2:port']],
  ['an address of the network', 421, GET, ['Host: 192.168.1.1:port']],
  ['a name below an allowed one', 421, GET, ['Host: x.q.example.org']],
  ['two names', 400, GET, [HOST, 'Host: evil.test']],
  ['two names, the second of the API', 400, GET, ['Host: evil.test', HOST]],
  ['two names in one', 400, GET, ['Host: 127.0.0.1:port, evil.test']],
  ['a name with a user', 400, GET, ['Host: evil.test@127.0.0.1:port']],
  ['a name with a path', 400, GET, ['Host: 127.0.0.1:port/evil.test']],
  ['an empty name', 400, GET, ['Host: ']],
  ['a url of an attacker in the request line', 421, `GET http://evil.test/healthz HTTP/1.1`, [HOST]],
  [
    'a url of the API, and a name of an attacker',
    421,
    'GET http://127.0.0.1:port/healthz HTTP/1.1',
    ['Host: evil.test'],
  ],
  ['a url with a user', 400, 'GET http://evil.test@127.0.0.1:port/healthz HTTP/1.1', [HOST]],
  ['a name of the API only in the header of a proxy', 421, GET, [EVIL_HOST, 'X-Forwarded-Host: 127.0.0.1:port']],
  ['a foreign name for the health', 421, 'GET /healthz HTTP/1.1', [EVIL_HOST]],
  ['a foreign name for the page', 421, 'GET / HTTP/1.1', [EVIL_HOST]],
  ['a foreign name for git', 421, 'GET /git/x.git/info/refs?service=git-upload-pack HTTP/1.1', [EVIL_HOST]],
  ['a foreign name for a preflight', 421, 'OPTIONS :id/pause HTTP/1.1', [EVIL_HOST, `Origin: ${APP}`]],
  // Origins
  ['another origin', 403, GET, [HOST, 'Origin: http://evil.test']],
  ['the origin "null"', 403, GET, [HOST, 'Origin: null']],
  ['another port of this machine', 403, GET, [HOST, 'Origin: http://127.0.0.1:1']],
  ['another name of the API', 403, GET, [HOST, 'Origin: http://localhost:port']],
  ['the origin of the API and another one', 403, GET, [HOST, OWN_ORIGIN, 'Origin: http://evil.test']],
  ['the origin of the API with a path', 403, GET, [HOST, 'Origin: http://127.0.0.1:port/']],
  ['the origin of the API with another scheme', 403, GET, [HOST, 'Origin: ftp://127.0.0.1:port']],
  ['an origin below an allowed one', 403, GET, [HOST, 'Origin: https://evil.app.example.org']],
  ['an origin that begins like an allowed one', 403, GET, [HOST, `Origin: ${APP}.evil.test`]],
  ['an allowed origin without its s', 403, GET, [HOST, 'Origin: http://app.example.org']],
  ['a command of another origin', 403, PAUSE, [HOST, JSON_TYPE, 'Origin: http://evil.test']],
  ['a preflight of another origin', 403, 'OPTIONS :id/pause HTTP/1.1', [HOST, 'Origin: http://evil.test']],
  // Requests without an origin, by what browsers say of them
  ['an image of another site', 403, GET, [HOST, 'Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: no-cors']],
  ['an image of another port', 403, GET, [HOST, 'Sec-Fetch-Site: same-site', 'Sec-Fetch-Mode: no-cors']],
  ['a value that browsers do not send', 403, GET, [HOST, 'Sec-Fetch-Site: nonsense']],
  ['a link of another site to a build', 403, GET, [HOST, ...link('document')]],
  ['a frame of another site', 403, 'GET / HTTP/1.1', [HOST, ...link('iframe')]],
  ['a form of another site to the page', 403, 'POST / HTTP/1.1', [HOST, ...link('document')]],
  ['the origin of the API after a redirect', 403, PAUSE, [HOST, JSON_TYPE, OWN_ORIGIN, 'Sec-Fetch-Site: cross-site']],
])('S3: %s gets %i, changes nothing and learns nothing', async (_what, status, line, headers) => {
  const statusBefore = await readStatus();
  const answer = await send(line, headers);
  const kind = { 400: 'request-malformed', 403: 'request-foreign-origin', 421: 'request-foreign-host' }[status];
  expect(answer).toMatchObject({ status, body: { type: `urn:q-orchestrator:problem:${kind}`, status } });
  expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
  expect(await readStatus()).toEqual(statusBefore);
});

function link(dest: string): string[] {
  return ['Sec-Fetch-Site: cross-site', 'Sec-Fetch-Mode: navigate', `Sec-Fetch-Dest: ${dest}`];
}

test.each<[string, string, string[]]>([
  ['localhost', GET, ['Host: localhost:port']],
  ['localhost in capitals', GET, ['Host: LOCALHOST:port']],
  ['the address of version 6', GET, ['Host: [::1]:port']],
  ['an allowed name', GET, ['Host: q.example.org']],
  ['an allowed name with a port', GET, ['Host: q.example.org:8443']],
  [
    'a page behind a proxy with TLS',
    GET,
    ['Host: q.example.org', 'Origin: https://q.example.org', 'Sec-Fetch-Site: same-origin'],
  ],
  ['its own page', GET, [HOST, OWN_ORIGIN, 'Sec-Fetch-Site: same-origin']],
  ['an address that a person typed', GET, [HOST, 'Sec-Fetch-Site: none', 'Sec-Fetch-Mode: navigate']],
  ['a whole url in the request line', 'GET http://127.0.0.1:port/healthz HTTP/1.1', [HOST]],
  ['HTTP/1.0 without a name', 'GET /healthz HTTP/1.0', []],
  ['an allowed origin', GET, [HOST, `Origin: ${APP}`, 'Sec-Fetch-Site: cross-site']],
  ['a link in a mail to the page', 'GET / HTTP/1.1', [HOST, ...link('document')]],
])('S3: %s is served', async (_what, line, headers) => {
  expect((await send(line, headers)).status).toBe(200);
});

test('S3: a refusal names the value and the setting that helps', async () => {
  const host = await send(GET, [EVIL_HOST]);
  expect(host.body.detail).toContain(`Host "evil.test:${port}" is no name of this server (localhost:${port}, `);
  expect(host.body.detail).toContain('ALLOWED_HOSTS');
  const origin = await send(GET, [HOST, 'Origin: http://evil.test']);
  expect(origin.body.detail).toContain('Origin "http://evil.test" is a page of another site');
  expect(origin.body.detail).toContain('CORS_ORIGINS');
  expect((await send(GET, [HOST, 'Sec-Fetch-Site: cross-site'])).body.detail).toContain('CORS_ORIGINS');
});

test('a preflight tells an allowed origin what it may send, the origin reads answers and problems, and no answer allows `*`', async () => {
  const requestHeaders = [
    'Access-Control-Request-Method: POST',
    'Access-Control-Request-Headers: content-type,x-actor',
  ];
  const preflight = await send('OPTIONS :id/pause HTTP/1.1', [HOST, `Origin: ${APP}`, ...requestHeaders]);
  expect(preflight.status).toBe(204);
  expect(preflight.headers).toMatchObject({
    'access-control-allow-origin': APP,
    'access-control-allow-methods': 'GET,HEAD,POST,PATCH',
    vary: expect.stringContaining('Origin'),
  });
  expect(preflight.headers['access-control-allow-headers']?.toLowerCase().split(',')).toEqual(
    expect.arrayContaining(['authorization', 'content-type', 'idempotency-key', 'x-actor', 'last-event-id']),
  );
  expect(preflight.headers).not.toHaveProperty('access-control-allow-credentials');
  const problem = await send('GET /nothing HTTP/1.1', [HOST, `Origin: ${APP}`]);
  expect(problem).toMatchObject({ status: 404, headers: { 'access-control-allow-origin': APP } });
  expect(problem.headers['access-control-expose-headers']).toContain('X-Request-Id');
  const directAnswer = await send(GET, [HOST]);
  expect(directAnswer.headers).toMatchObject({ vary: expect.stringContaining('Origin') });
  expect(directAnswer.headers).toMatchObject({ 'cross-origin-resource-policy': 'same-origin' });
  expect(directAnswer.headers).not.toHaveProperty('access-control-allow-origin');
});

test.each<[string, number, string[], string?]>([
  ['a form without fields', 415, ['Content-Type: application/x-www-form-urlencoded']],
  ['a form with text', 415, ['Content-Type: text/plain'], '{}'],
  ['a form with a file', 415, ['Content-Type: multipart/form-data; boundary=x'], '--x--'],
  ['a form without a type', 415, []],
  ['a type that contains application/json', 415, ['Content-Type: text/plain; application/json']],
  ['a type that begins with application/json', 415, ['Content-Type: application/jsonx']],
  ['two types', 415, ['Content-Type: text/plain', JSON_TYPE]],
  ['text with a header that no form can send', 415, ['X-Actor: ada', 'Content-Type: text/plain'], '{}'],
])(
  'S5: a pause that is sent as %s gets %i, and the answer says what to send',
  async (_what, status, headers, body = '') => {
    const statusBefore = await readStatus();
    const answer = await send(PAUSE, [HOST, ...headers], body);
    expect(answer).toMatchObject({ status, body: { type: 'urn:q-orchestrator:problem:request-unsupported-media' } });
    expect(answer.body.detail).toContain('Content-Type: application/json');
    expect(await readStatus()).toEqual(statusBefore);
  },
);

test('S5: every POST and PATCH of a build refuses a form', async () => {
  const statusBefore = await readStatus();
  const commands = ['advance', 'request-retry', 'rollback', 'pause', 'resume', 'cancel', 'answer', 'approve', 'reject'];
  const posts = commands.map((name) => `POST :id/${name}`);
  const others = ['PATCH :id/request', 'POST /api/workflows/shop/start', 'POST /api/workflows/shop/check'];
  const releases = 'POST /api/projects/shop/releases/1/restore';
  const git = ['git-upload-pack', 'git-receive-pack'].map((name) => `POST /git/${id.split('.')[0]}.git/${name}`);
  for (const line of [...posts, ...others, releases, ...git]) {
    const answer = await send(`${line} HTTP/1.1`, [HOST, 'Content-Type: text/plain'], '{"reason":"a form"}');
    expect([line, answer.status]).toEqual([line, 415]);
  }
  expect(await readStatus()).toEqual(statusBefore);
});

test('S5: a command without a body is accepted with the type JSON, or with a header that no form can send', async () => {
  const headers = [[JSON_TYPE], ['X-Actor: ada'], ['Idempotency-Key: once']];
  const paused = [true, false, true];
  for (const [i, one] of headers.entries()) {
    const answer = await send(paused[i] ? PAUSE : 'POST :id/resume HTTP/1.1', [HOST, ...one]);
    expect(answer).toMatchObject({ status: 200, body: { paused: paused[i] } });
  }
});

test('a server on every address accepts addresses and the names of the loopback with each port, and no other name', async () => {
  const browsers = { host: '0.0.0.0', allowedHosts: [{ host: 'api', port: 8000 }], origins: [] };
  const openApi = await serveApi({ api: { browsers }, worker: false });
  ({ port } = new URL(openApi.url));
  const healthz = async (host: string) => (await send('GET /healthz HTTP/1.1', [`Host: ${host}`])).status;
  try {
    for (const host of ['localhost:9', '127.0.0.1', '[::1]:8000', '10.1.2.3:8000', '[fd00::1]', 'api:8000'])
      expect([host, await healthz(host)]).toEqual([host, 200]);
    for (const host of ['evil.test', 'api', 'api:8001', 'localhost.evil.test', '10.1.2.3.evil.test:8000'])
      expect([host, await healthz(host)]).toEqual([host, 421]);
  } finally {
    ({ port } = new URL(api.url));
    await openApi.stop();
  }
});
