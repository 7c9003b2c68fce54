/** Tokens and JWTs that must be refused, and those that must be accepted. */
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateKeyPair } from 'jose';
import { revokeToken, tokenFileIn } from '../../../src/adapters/access/token-file';
import { sha256 } from '../../../src/inspect/digest';
import { until } from '../../until';
import { ask } from '../served';
import { makeToken, serveProtectedApi } from './closed';
import type { ProtectedApi } from './closed';
import { AUDIENCE, startIssuer } from './issuer';
import type { Issuer } from './issuer';

let issuer: Issuer;
let api: ProtectedApi & { adminToken: string };
beforeAll(async () => {
  issuer = await startIssuer();
  const oidc = {
    ...{ issuer: issuer.url, audience: AUDIENCE, algorithms: ['RS256', 'ES256'], clockSkewS: 30 },
    ...{ projectsClaim: 'qo_projects', fetch },
  };
  api = await serveProtectedApi({ worker: false, access: { oidc } });
});
afterAll(async () => {
  await api?.stop();
  await issuer?.stop();
});

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = () => Math.floor(Date.now() / 1_000);
const bearer = (token: string) => `Bearer ${token}`;
const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
/** Changes one part of a JWT that is right. */
const withPart = async (at: number, change: (text: string) => string) => {
  const parts = (await issuer.sign()).split('.');
  return parts.map((one, index) => (index === at ? change(one) : one)).join('.');
};
const hs256 = (claims: object, secret: string) => {
  const body = `${part({ alg: 'HS256', kid: 'k1' })}.${part(claims)}`;
  return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`;
};
const rightClaims = () => ({
  ...{ iss: issuer.url, aud: AUDIENCE, sub: 'eve', scope: 'qo:admin', qo_projects: '*' },
  ...{ iat: now(), exp: now() + 600 },
});

const BAD: Array<[string, () => Promise<string> | string]> = [
  ['nothing after Bearer', () => 'Bearer'],
  ['an empty header', () => ''],
  ['an unknown token', () => bearer(`qo_${'a'.repeat(43)}`)],
  ['a token cut short', () => bearer(api.adminToken.slice(0, -1))],
  ['a token with a letter more', () => bearer(`${api.adminToken}a`)],
  ['a token in other case', () => bearer(api.adminToken.toLowerCase())],
  ['the digest of a token', () => bearer(sha256(api.adminToken))],
  ['the name of a token', () => bearer('first')],
  ['two tokens in one header', () => bearer(`${api.adminToken} ${api.adminToken}`)],
  ['another scheme', () => `Token ${api.adminToken}`],
  ['a right token by Basic, outside of git', () => basic(`x:${api.adminToken}`)],
  ['Basic nonsense', () => 'Basic %%%%'],
  ['an expired token', async () => bearer(await expired())],
  ['a revoked token', async () => bearer(await revoked())],
  ['words', () => bearer('admin')],
  ['a JWT without a signature', () => withPart(2, () => '').then(bearer)],
  ['alg none', () => bearer(`${part({ alg: 'none' })}.${part(rightClaims())}.`)],
  ['alg None', () => bearer(`${part({ alg: 'None', kid: 'k1' })}.${part(rightClaims())}.`)],
  ['HS256 with the public key as secret', () => bearer(hs256(rightClaims(), issuer.publicPem))],
  ['HS256 with an empty secret', () => bearer(hs256(rightClaims(), ''))],
  ['another key', async () => bearer(await issuer.sign({}, { key: (await generateKeyPair('RS256')).privateKey }))],
  ['an algorithm that is not listed', async () => bearer(await issuer.sign({}, await ofAlgorithm('PS256')))],
  ['an unknown kid', async () => bearer(await issuer.sign({}, { kid: 'k2' }))],
  ['an expired JWT', async () => bearer(await issuer.sign({ exp: now() - 31 }))],
  ['a JWT without expiry', async () => bearer(await issuer.sign({ exp: undefined }))],
  ['a JWT of no one', async () => bearer(await issuer.sign({ sub: undefined }))],
  ['a JWT of an endless name', async () => bearer(await issuer.sign({ sub: 'x'.repeat(201) }))],
  ['a JWT that is not valid yet', async () => bearer(await issuer.sign({ nbf: now() + 60 }))],
  ['another audience', async () => bearer(await issuer.sign({ aud: 'mail' }))],
  ['no audience', async () => bearer(await issuer.sign({ aud: undefined }))],
  ['another issuer', async () => bearer(await issuer.sign({ iss: 'https://evil.test' }))],
  ['the issuer with a slash more', async () => bearer(await issuer.sign({ iss: `${issuer.url}/` }))],
  ['no issuer', async () => bearer(await issuer.sign({ iss: undefined }))],
  ['claims changed after signing', () => withPart(1, () => part(rightClaims())).then(bearer)],
  ['a header changed after signing', () => withPart(0, () => part({ alg: 'ES256', kid: 'k1' })).then(bearer)],
  ['two parts', async () => bearer((await issuer.sign()).split('.').slice(0, 2).join('.'))],
  ['parts that are no JSON', () => bearer('e30x.e30x.e30x')],
  ['a JWE', async () => bearer(`${await issuer.sign()}.e30.e30`)],
  ['a key of its own in the header', () => bearer(ownKey())],
];

test.each(BAD)('%s is refused, and the answer repeats no part of it', async (_what, make) => {
  const authorization = await make();
  for (const path of ['/api/workflows', '/', '/nothing']) {
    const answer = await ask(api.url + path, { headers: { authorization } });
    expect({ path, status: answer.status }).toEqual({ path, status: 401 });
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
    const secret = authorization.split(' ')[1] ?? '';
    if (secret.length > 5) expect(JSON.stringify([answer.body, [...answer.headers]])).not.toContain(secret);
    expect(JSON.stringify(answer.body)).not.toContain(api.adminToken);
  }
});

test('there are at least thirty of them', () => expect(BAD.length).toBeGreaterThanOrEqual(30));

test('a JWT of the issuer is taken: scopes are rights, the subject is the actor, the claim its projects', async () => {
  const list = (token: string) => api.sendAs(token, 'GET /api/workflows');
  expect((await list(await issuer.sign())).status).toBe(200);
  expect((await list(await issuer.sign({ aud: ['mail', AUDIENCE] }))).status).toBe(200);
  expect((await list(await issuer.sign({ exp: now() - 5 }))).status).toBe(200);
  expect((await list(await issuer.sign({ scope: undefined, scp: ['qo:operator'] }))).status).toBe(200);
  const project = api.newProject();
  const own = await issuer.sign({ qo_projects: [project], scope: 'qo:admin' });
  expect((await api.sendAs(own, `GET /api/workflows?project_id=${project}`)).status).toBe(200);
  expect((await api.sendAs(own, `GET /api/workflows?project_id=other`)).status).toBe(404);
  const viewer = await api.sendAs(await issuer.sign(), `POST /api/workflows/${project}/start`, {});
  expect(viewer).toMatchObject({ status: 403, body: { needs: ['operator', 'admin'] } });
  expect(viewer.body.detail).toContain('the token of ada has viewer');
});

test('a genuine JWT that allows nothing is 403, and says which claim is missing', async () => {
  const noScope = await api.sendAs(await issuer.sign({ scope: 'openid qo:everything' }), 'GET /api/workflows');
  expect(noScope).toMatchObject({ status: 403, body: { type: 'urn:q-orchestrator:problem:access-forbidden' } });
  for (const qo_projects of [undefined, [], {}, '', ['../..'], 'a b c/d'])
    expect(await api.sendAs(await issuer.sign({ qo_projects }), 'GET /api/workflows')).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining('qo_projects') },
    });
});

test('while the issuer is away a JWT that may be right is 503, one that is wrong by itself 401, and named tokens work', async () => {
  const other = await startIssuer();
  other.away('all');
  const oidc = {
    issuer: other.url,
    audience: AUDIENCE,
    algorithms: ['RS256'],
    clockSkewS: 0,
    projectsClaim: 'p',
    fetch,
  };
  const alone = await serveProtectedApi({ worker: false, access: { oidc } });
  try {
    const away = await alone.sendAs(await other.sign(), 'GET /api/workflows');
    expect(away).toMatchObject({ status: 503, body: { type: 'urn:q-orchestrator:problem:access-issuer-away' } });
    expect(Number(away.headers.get('retry-after'))).toBeGreaterThan(0);
    const none = `${part({ alg: 'none' })}.${part({ iss: other.url })}.`;
    expect((await alone.sendAs(none, 'GET /api/workflows')).status).toBe(401);
    expect((await alone.sendAs(alone.first, 'GET /api/workflows')).status).toBe(200);
    other.away('keys');
    const keysAway = await until(
      async () => alone.sendAs(await other.sign({ p: '*' }), 'GET /api/workflows'),
      ({ body }) => !String(body.detail).includes('discovery'),
    );
    expect(keysAway).toMatchObject({ status: 503, body: { detail: expect.stringContaining('keys of OIDC_ISSUER') } });
    other.away('nothing');
    const back = await until(
      async () => alone.sendAs(await other.sign({ p: '*' }), 'GET /api/workflows'),
      ({ status }) => status !== 503,
    );
    expect(back.status).toBe(200);
  } finally {
    await alone.stop();
    await other.stop();
  }
});

test('unknown keys and other nonsense do not make the API ask the issuer each time', async () => {
  const before = issuer.keyRequestCount();
  for (let index = 0; index < 20; index++) await api.sendAs(await issuer.sign({}, { kid: `x${index}` }), 'GET /');
  expect(issuer.keyRequestCount() - before).toBeLessThanOrEqual(1);
});

test('a damaged token file lets no caller in, and the error names the fault and its place', async () => {
  const broken = await serveProtectedApi({ worker: false });
  try {
    expect((await broken.sendAs(broken.first, 'GET /api/workflows')).status).toBe(200);
    writeFileSync(tokenFileIn(broken.dataDir), '{"version": 1, "tokens": [');
    expect(await broken.sendAs(broken.first, 'GET /api/workflows')).toMatchObject({
      status: 503,
      body: { detail: expect.stringContaining('tokens.json') },
    });
    rmSync(tokenFileIn(broken.dataDir));
    // Once closed, it stays so: taking the file away is no way in.
    expect((await broken.get('/api/workflows')).status).toBe(401);
  } finally {
    await broken.stop();
  }
});

test('the first admin token of TOKEN_FILE is taken, and changed while the API runs', async () => {
  const file = join(api.dataDir, 'first-token');
  const [one, two] = ['1'.repeat(32), 'two-'.repeat(10)];
  writeFileSync(file, `${one}\nanother line\n`);
  const warned: string[] = [];
  const access = { firstTokenFile: file, warn: (line: string) => void warned.push(line) };
  const closed = await serveProtectedApi({ worker: false, access });
  const status = async (token: string) => (await closed.sendAs(token, 'GET /api/workflows')).status;
  try {
    expect([await status(one), await status(two), await status('another line')]).toEqual([200, 401, 401]);
    writeFileSync(file, two);
    expect([await status(one), await status(two)]).toEqual([401, 200]);
    writeFileSync(file, 'too short');
    expect([await status(two), await status('too short')]).toEqual([401, 401]);
    expect(warned).toEqual([expect.stringContaining('TOKEN_FILE')]);
    expect(warned.join()).not.toContain('too short');
  } finally {
    await closed.stop();
  }
});

test('requests are counted by token, and bad tokens by their address', async () => {
  const limited = await serveProtectedApi({ worker: false, api: { rateLimitPerMinute: 3 } });
  try {
    const second = await limited.token('second');
    const three = async (send: () => Promise<{ status: number }>) =>
      [await send(), await send(), await send(), await send()].map(({ status }) => status);
    expect(await three(() => limited.sendAs(limited.first, 'GET /api/workflows'))).toEqual([200, 200, 200, 429]);
    expect(await three(() => limited.sendAs(second, 'GET /api/workflows'))).toEqual([200, 200, 200, 429]);
    let guess = 0;
    expect(await three(() => limited.sendAs(`guess-${guess++}`, 'GET /api/workflows'))).toEqual([401, 401, 401, 429]);
  } finally {
    await limited.stop();
  }
});

async function expired(): Promise<string> {
  const soon = new Date(Date.now() + 50).toISOString();
  const token = await makeToken(api.dataDir, `expired-${Math.random()}`, { expiresAt: soon });
  await until(async () => Date.parse(soon) < Date.now(), Boolean);
  return token;
}

async function revoked(): Promise<string> {
  const name = `revoked-${Math.random()}`;
  const token = await makeToken(api.dataDir, name, { rights: ['admin'] });
  expect((await api.sendAs(token, 'GET /api/workflows')).status).toBe(200);
  expect(await revokeToken(tokenFileIn(api.dataDir), name)).toBe(true);
  return token;
}

async function ofAlgorithm(alg: string) {
  return { alg, key: (await generateKeyPair(alg)).privateKey };
}

/** The header carries the key that it was signed with, and an address of more. */
function ownKey(): string {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const header = { alg: 'RS256', kid: 'k1', jwk: publicKey.export({ format: 'jwk' }), jku: 'http://127.0.0.1:1/keys' };
  return `${part(header)}.${part(rightClaims())}.${'a'.repeat(342)}`;
}
