/**
 * Webhooks over real connections: what is sent and how it is signed, what each answer leads to, and which targets are never reached.
 */
import { randomBytes } from 'node:crypto';
import type { lookup } from 'node:dns';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { createPublicFetch } from '../../../src/adapters/network/public-fetch';
import { createWebhooks } from '../../../src/adapters/notices/webhook';
import type { Notice } from '../../../src/domain/notices/notice';
import { startReceiver } from './receiver';
import type { Receiver } from './receiver';

const secret = () => `whsec_${randomBytes(32).toString('base64')}`;
const [OLD, NEW, FOREIGN] = [secret(), secret(), secret()];
const NOTICE: Notice = {
  ...{ id: 'shop.b1.waiting.x-0', kind: 'waiting', at: '2026-11-28T09:00:00.000Z', projectId: 'shop', buildId: 'b1' },
  ...{ title: 'Dark mode', state: 'planning', status: 'waiting', what: 'A person answers: Größe?', deadline: null },
  path: '/api/workflows/shop.b1/status',
};

let receiver: Receiver;
let status: number | { status: number; headers: Record<string, string> };
beforeAll(async () => (receiver = await startReceiver(() => status)));
beforeEach(() => {
  status = 204;
  receiver.received.length = 0;
});
afterAll(() => receiver.stop());

/** A resolver that gives the addresses of names one after another, the last one for ever. */
function resolverOf(names: Record<string, string[][]>): { resolve: typeof lookup; asked: string[] } {
  const asked: string[] = [];
  const resolve = (host: string, _options: object, done: (...given: unknown[]) => void) => {
    const answers = names[host] ?? [];
    asked.push(host);
    const addresses = answers.length > 1 ? answers.shift() : answers[0];
    if (addresses === undefined) return done(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }));
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  return { resolve: resolve as unknown as typeof lookup, asked };
}

function poster({
  hosts = [],
  names = {},
  timeoutMs,
}: { hosts?: number[]; names?: Record<string, string[][]>; timeoutMs?: number } = {}) {
  const privateHosts = hosts.map((port) => ({ host: '127.0.0.1', port }));
  const { resolve, asked } = resolverOf(names);
  const fetch = createPublicFetch({ env: {}, privateHosts, resolve })([]);
  const post = createWebhooks({
    ...{ fetch, secretsOf: () => Promise.resolve([NEW, OLD]) },
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
  const send = (url: string, signal = new AbortController().signal) =>
    post({
      id: 'shop.b1.waiting.x-0.1',
      notice: NOTICE,
      url,
      format: 'standard',
      link: 'https://q.example.org/x',
      signal,
    });
  return { send, asked };
}

test('a notice is signed as Standard Webhooks say: their own library accepts it, and refuses it with another secret or body', async () => {
  const { send } = poster({ hosts: [receiver.port] });
  expect(await send(`${receiver.url}/hook?a=1`)).toEqual({ kind: 'sent' });
  expect(await send(`${receiver.url}/hook?a=1`)).toEqual({ kind: 'sent' });
  const [first, second] = receiver.received;
  expect(first).toMatchObject({ path: '/hook?a=1', headers: { 'content-type': 'application/json; charset=utf-8' } });
  expect([first, second].map((one) => one?.headers['webhook-id'])).toEqual(Array(2).fill('shop.b1.waiting.x-0.1'));
  const headers = first?.headers as Record<string, string>;
  const body = first?.body ?? '';
  for (const known of [OLD, NEW])
    expect(new Webhook(known).verify(body, headers)).toMatchObject({
      ...{ type: 'build.waiting', data: { what: 'A person answers: Größe?', link: 'https://q.example.org/x' } },
    });
  expect(() => new Webhook(FOREIGN).verify(body, headers)).toThrow('No matching signature');
  expect(() => new Webhook(NEW).verify(body.replace('shop', 'shoq'), headers)).toThrow('No matching signature');
});

test.each([
  ['no secret', () => Promise.resolve([])],
  ['a file that cannot be read', () => Promise.reject(new Error('ENOENT: /home/ada/secret'))],
])('with %s nothing is sent unsigned', async (_, secretsOf) => {
  const fetch = createPublicFetch({ env: {}, privateHosts: [{ host: '127.0.0.1', port: receiver.port }] })([]);
  const post = createWebhooks({ fetch, secretsOf });
  const { signal } = new AbortController();
  expect(
    await post({ id: 'x', notice: NOTICE, url: receiver.url, format: 'standard', link: null, signal }),
  ).toMatchObject({ kind: 'failed', why: expect.stringMatching(/^no secret signs notices of this project/) });
  expect(receiver.received).toEqual([]);
});

test.each([
  [200, {}, { kind: 'sent' }],
  [500, {}, { kind: 'failed', why: 'the receiver answered 500' }],
  [404, {}, { kind: 'failed', why: 'the receiver answered 404' }],
  [429, { 'retry-after': '90' }, { kind: 'failed', why: 'the receiver answered 429', retryAfterS: 90 }],
  [410, {}, { kind: 'failed', why: 'the receiver answered 410: it wants no more', isFinal: true }],
])('an answer %s %j leads to %j', async (answered, headers, result) => {
  status = { status: answered, headers };
  expect(await poster({ hosts: [receiver.port] }).send(receiver.url)).toEqual(result);
});

test('a receiver that is away, that does not answer, or whose name is unknown fails the try and not more', async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  await new Promise((resolve) => silent.once('listening', resolve));
  const { port } = silent.address() as AddressInfo;
  const closed = await startReceiver();
  await closed.stop();
  const impatient = poster({ hosts: [port], timeoutMs: 50 });
  expect(await impatient.send(`http://127.0.0.1:${port}/`)).toEqual({
    ...{ kind: 'failed', why: 'the receiver did not answer within 0.05 s' },
  });
  const { send } = poster({ hosts: [port, closed.port] });
  const away = await send(closed.url);
  expect(away).toEqual({ kind: 'failed', why: 'the receiver cannot be reached (ECONNREFUSED)' });
  const unknown = await send('https://nowhere.example/');
  expect(unknown).toEqual({ kind: 'failed', why: 'the receiver cannot be reached (ENOTFOUND)' });
  const abort = new AbortController();
  abort.abort(new Error('the worker stops'));
  await expect(send(`http://127.0.0.1:${port}/`, abort.signal)).rejects.toThrow('the worker stops');
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => silent.close(resolve));
});

const PRIVATE = {
  kind: 'failed',
  why: 'the address leads to this machine or a private network; NOTIFY_PRIVATE_HOSTS names such servers in full',
  isFinal: true,
};

/** PORT stands for the port of a receiver that listens on this machine and must not be reached. */
const HOSTILE_ADDRESSES = [
  ...['127.0.0.1', '127.1', '2130706433', '0x7f000001', '0177.0.0.1', '0', '0.0.0.0', '127.255.255.254', 'localhost'],
  ...['LOCALHOST', 'localhost.', 'app.localhost', '[::1]', '[::]', '[0:0:0:0:0:0:0:1]', '[::ffff:127.0.0.1]'],
  ...['[::ffff:7f00:1]', '[64:ff9b::7f00:1]', '[2002:7f00:1::]', '10.0.0.1', '172.16.0.1', '172.31.255.255'],
  ...[
    '192.168.1.1',
    '100.64.0.1',
    '169.254.169.254',
    '[fe80::1]',
    '[fd00::1]',
    '[fd00:ec2::254]',
    '[::ffff:a9fe:a9fe]',
  ],
  ...[
    'metadata.google.internal',
    'metadata',
    'instance-data',
    '192.0.2.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
  ],
];
const HOSTILE_NAMES: Array<[string, string[][]]> = [
  ['loopback.example', [['127.0.0.1']]],
  ['private.example', [['10.1.2.3', '192.168.0.9']]],
  ['metadata.example', [['169.254.169.254']]],
  ['mapped.example', [['::ffff:127.0.0.1']]],
  ['v6.example', [['::1', 'fd00::5']]],
  ['nat64.example', [['64:ff9b::a00:1']]],
];

test('there are at least 30 hostile targets', () => {
  expect(HOSTILE_ADDRESSES.length + HOSTILE_NAMES.length).toBeGreaterThan(30);
});

test.each(HOSTILE_ADDRESSES)('http and https to %s are refused for good, and nothing is connected to', async (host) => {
  const { send, asked } = poster({ names: { localhost: [['127.0.0.1']] } });
  expect(await send(`http://${host}:${receiver.port}/`)).toEqual(PRIVATE);
  expect(await send(`https://${host}:${receiver.port}/`)).toEqual(PRIVATE);
  expect([receiver.received, asked]).toEqual([[], []]);
});

test.each(HOSTILE_NAMES)(
  'the name %s, which leads to a private address, is refused for good',
  async (name, answers) => {
    const { send } = poster({ names: { [name]: answers } });
    expect(await send(`http://${name}:${receiver.port}/`)).toEqual(PRIVATE);
    expect(receiver.received).toEqual([]);
  },
);

test('a name that is re-pointed after its first answer is not followed: the address that is used is the one that was checked', async () => {
  // The first answer has no server, so the connection to it fails; the second one would lead to this machine.
  const names = { 'moving.example': [['2606:4700::1111'], ['127.0.0.1']] };
  const { send, asked } = poster({ names, timeoutMs: 200 });
  expect(await send(`http://moving.example:${receiver.port}/`)).toMatchObject({ kind: 'failed' });
  expect(asked).toEqual(['moving.example']);
  expect(await send(`http://moving.example:${receiver.port}/`)).toEqual(PRIVATE);
  expect(receiver.received).toEqual([]);
});

test.each([301, 302, 303, 307, 308])('a redirection %s is never followed, wherever it leads', async (code) => {
  const inside = await startReceiver();
  for (const location of [
    `${inside.url}/`,
    'http://169.254.169.254/latest',
    'https://public.example/',
    'file:///etc/passwd',
  ]) {
    status = { status: code, headers: { location } };
    expect(await poster({ hosts: [receiver.port] }).send(receiver.url)).toEqual({
      ...{ kind: 'failed', why: `the receiver answered ${code}; redirections are not followed`, isFinal: true },
    });
  }
  expect(inside.received).toEqual([]);
  await inside.stop();
});

test('a server that the settings name in full may have a private address, on that port only', async () => {
  const other = await startReceiver();
  const { send } = poster({ hosts: [receiver.port] });
  expect(await send(receiver.url)).toEqual({ kind: 'sent' });
  expect(await send(other.url)).toEqual(PRIVATE);
  expect(other.received).toEqual([]);
  await other.stop();
});
