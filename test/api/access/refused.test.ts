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

const encodePart = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = () => Math.floor(Date.now() / 1_000);
const bearer = (token: string) => `Bearer ${token}`;
const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
/** Changes one part of a valid JWT. */
const jwtWithPart = async (at: number, change: (text: string) => string) => {
  const parts = (await issuer.sign()).split('.');
  return parts.map((one, index) => (index === at ? change(one) : one)).join('.');
};
const hs256 = (claims: object, secret: string) => {
  const body = `${encodePart({ alg: 'HS256', kid: 'k1' })}.${encodePart(claims)}`;
  return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`;
};
const validClaims = () => ({
  ...{ iss: issuer.url, aud: AUDIENCE, sub: 'eve', scope: 'qo:admin', qo_projects: '*' },
  ...{ iat: now(), exp: now() + 600 },
});

const INVALID_CREDENTIALS: Array<[string, () => Promise<string> | string]> = [
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
  ['a valid token by Basic, outside of git', () => basic(`x:${api.adminToken}`)],
  ['Basic nonsense', () => 'Basic %%%%'],
  ['an expired token', async () => bearer(await makeExpiredToken())],
  ['a revoked token', async () => bearer(await makeRevokedToken())],
  ['words', () => bearer('admin')],
  ['a JWT without a signature', () => jwtWithPart(2, () => '').then(bearer)],
  ['alg none', () => bearer(`${encodePart({ alg: 'none' })}.${encodePart(validClaims())}.`)],
  ['alg None', () => bearer(`${encodePart({ alg: 'None', kid: 'k1' })}.${encodePart(validClaims())}.`)],
  ['HS256 with the public key as secret', () => bearer(hs256(validClaims(), issuer.publicPem))],
  ['HS256 with an empty secret', () => bearer(hs256(validClaims(), ''))],
  ['another key', async () => bearer(await issuer.sign({}, { key: (await generateKeyPair('RS256')).privateKey }))],
  ['an algorithm that is not listed', async () => bearer(await issuer.sign({}, await keyOfAlgorithm('PS256')))],
  ['an unknown kid', async () => bearer(await issuer.sign({}, { kid: 'k2' }))],
  ['an expired JWT', async () => bearer(await issuer.sign({ exp: now() - 31 }))],
  ['a JWT without expiry', async () => bearer(await issuer.sign({ exp: undefined }))],
  ['a JWT without a subject', async () => bearer(await issuer.sign({ sub: undefined }))],
  ['a JWT with a subject of 201 characters', async () => bearer(await issuer.sign({ sub: 'x'.repeat(201) }))],
  ['a JWT that is not valid yet', async () => bearer(await issuer.sign({ nbf: now() + 60 }))],
  ['another audience', async () => bearer(await issuer.sign({ aud: 'mail' }))],
  ['no audience', async () => bearer(await issuer.sign({ aud: undefined }))],
  ['another issuer', async () => bearer(await issuer.sign({ iss: 'https://evil.test' }))],
  ['the issuer with a slash more', async () => bearer(await issuer.sign({ iss: `${issuer.url}/` }))],
  ['no issuer', async () => bearer(await issuer.sign({ iss: undefined }))],
  ['claims changed after signing', () => jwtWithPart(1, () => encodePart(validClaims())).then(bearer)],
  ['a header changed after signing', () => jwtWithPart(0, () => encodePart({ alg: 'ES256', kid: 'k1' })).then(bearer)],
  ['two parts', async () => bearer((await issuer.sign()).split('.').slice(0, 2).join('.'))],
  ['parts that are no JSON', () => bearer('e30x.e30x.e30x')],
  ['a JWE', async () => bearer(`${await issuer.sign()}.e30.e30`)],
  ['a key of its own in the header', () => bearer(jwtWithOwnKey())],
];

test.each(INVALID_CREDENTIALS)('%s is refused, and the answer repeats no part of it', async (_what, make) => {
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

test('the list has at least thirty invalid credentials', () =>
  expect(INVALID_CREDENTIALS.length).toBeGreaterThanOrEqual(30));

test('a JWT of the issuer is accepted: its scopes are rights, its subject is the actor, and a claim names its projects', async () => {
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

test('a valid JWT without rights or projects gets 403, and the answer names the missing claim', async () => {
  const noScope = await api.sendAs(await issuer.sign({ scope: 'openid qo:everything' }), 'GET /api/workflows');
  expect(noScope).toMatchObject({ status: 403, body: { type: 'urn:q-orchestrator:problem:access-forbidden' } });
  for (const qo_projects of [undefined, [], {}, '', ['../..'], 'a b c/d'])
    expect(await api.sendAs(await issuer.sign({ qo_projects }), 'GET /api/workflows')).toMatchObject({
      status: 403,
      body: { detail: expect.stringContaining('qo_projects') },
    });
});

test('if the issuer does not answer, a JWT that may be valid gets 503, an invalid one 401, and tokens of the token file work', async () => {
  const otherIssuer = await startIssuer();
  otherIssuer.setUnavailable('all');
  const oidc = {
    ...{ issuer: otherIssuer.url, audience: AUDIENCE, algorithms: ['RS256'], clockSkewS: 0 },
    ...{ projectsClaim: 'p', fetch },
  };
  const apiOfIssuer = await serveProtectedApi({ worker: false, access: { oidc } });
  try {
    const answer = await apiOfIssuer.sendAs(await otherIssuer.sign(), 'GET /api/workflows');
    expect(answer).toMatchObject({ status: 503, body: { type: 'urn:q-orchestrator:problem:access-issuer-away' } });
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    const none = `${encodePart({ alg: 'none' })}.${encodePart({ iss: otherIssuer.url })}.`;
    expect((await apiOfIssuer.sendAs(none, 'GET /api/workflows')).status).toBe(401);
    expect((await apiOfIssuer.sendAs(apiOfIssuer.adminToken, 'GET /api/workflows')).status).toBe(200);
    otherIssuer.setUnavailable('keys');
    const answerWithoutKeys = await until(
      async () => apiOfIssuer.sendAs(await otherIssuer.sign({ p: '*' }), 'GET /api/workflows'),
      ({ body }) => !String(body.detail).includes('discovery'),
    );
    expect(answerWithoutKeys).toMatchObject({
      status: 503,
      body: { detail: expect.stringContaining('keys of OIDC_ISSUER') },
    });
    otherIssuer.setUnavailable('nothing');
    const answerAgain = await until(
      async () => apiOfIssuer.sendAs(await otherIssuer.sign({ p: '*' }), 'GET /api/workflows'),
      ({ status }) => status !== 503,
    );
    expect(answerAgain.status).toBe(200);
  } finally {
    await apiOfIssuer.stop();
    await otherIssuer.stop();
  }
});

test('JWTs with unknown keys do not make the API ask the issuer each time', async () => {
  const requestsBefore = issuer.keyRequestCount();
  for (let index = 0; index < 20; index++) await api.sendAs(await issuer.sign({}, { kid: `x${index}` }), 'GET /');
  expect(issuer.keyRequestCount() - requestsBefore).toBeLessThanOrEqual(1);
});

test('a damaged token file lets no caller in, and the error names the fault and its place', async () => {
  const damagedApi = await serveProtectedApi({ worker: false });
  try {
    expect((await damagedApi.sendAs(damagedApi.adminToken, 'GET /api/workflows')).status).toBe(200);
    writeFileSync(tokenFileIn(damagedApi.dataDir), '{"version": 1, "tokens": [');
    expect(await damagedApi.sendAs(damagedApi.adminToken, 'GET /api/workflows')).toMatchObject({
      status: 503,
      body: { detail: expect.stringContaining('tokens.json') },
    });
    rmSync(tokenFileIn(damagedApi.dataDir));
    // An API that has required tokens still requires them after the token file is removed.
    expect((await damagedApi.get('/api/workflows')).status).toBe(401);
  } finally {
    await damagedApi.stop();
  }
});

test('the admin token in TOKEN_FILE is accepted, and a change of the file counts while the API runs', async () => {
  const file = join(api.dataDir, 'first-token');
  const [one, two] = ['1'.repeat(32), 'two-'.repeat(10)];
  writeFileSync(file, `${one}\nanother line\n`);
  const warnings: string[] = [];
  const access = { firstTokenFile: file, warn: (line: string) => void warnings.push(line) };
  const protectedApi = await serveProtectedApi({ worker: false, access });
  const status = async (token: string) => (await protectedApi.sendAs(token, 'GET /api/workflows')).status;
  try {
    expect([await status(one), await status(two), await status('another line')]).toEqual([200, 401, 401]);
    writeFileSync(file, two);
    expect([await status(one), await status(two)]).toEqual([401, 200]);
    writeFileSync(file, 'too short');
    expect([await status(two), await status('too short')]).toEqual([401, 401]);
    expect(warnings).toEqual([expect.stringContaining('TOKEN_FILE')]);
    expect(warnings.join()).not.toContain('too short');
  } finally {
    await protectedApi.stop();
  }
});

test('requests are counted by token, and bad tokens by their address', async () => {
  const limitedApi = await serveProtectedApi({ worker: false, api: { rateLimitPerMinute: 3 } });
  try {
    const secondToken = await limitedApi.token('second');
    const list = (token: string) => limitedApi.sendAs(token, 'GET /api/workflows');
    const sendFourTimes = async (send: () => Promise<{ status: number }>) =>
      [await send(), await send(), await send(), await send()].map(({ status }) => status);
    expect(await sendFourTimes(() => list(limitedApi.adminToken))).toEqual([200, 200, 200, 429]);
    expect(await sendFourTimes(() => list(secondToken))).toEqual([200, 200, 200, 429]);
    let guess = 0;
    expect(await sendFourTimes(() => list(`guess-${guess++}`))).toEqual([401, 401, 401, 429]);
  } finally {
    await limitedApi.stop();
  }
});

async function makeExpiredToken(): Promise<string> {
  const soon = new Date(Date.now() + 50).toISOString();
  const token = await makeToken(api.dataDir, `expired-${Math.random()}`, { expiresAt: soon });
  await until(async () => Date.parse(soon) < Date.now(), Boolean);
  return token;
}

async function makeRevokedToken(): Promise<string> {
  const name = `revoked-${Math.random()}`;
  const token = await makeToken(api.dataDir, name, { rights: ['admin'] });
  expect((await api.sendAs(token, 'GET /api/workflows')).status).toBe(200);
  expect(await revokeToken(tokenFileIn(api.dataDir), name)).toBe(true);
  return token;
}

async function keyOfAlgorithm(alg: string) {
  return { alg, key: (await generateKeyPair(alg)).privateKey };
}

/** A JWT whose header has its own key, and an address of further keys. */
function jwtWithOwnKey(): string {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const header = { alg: 'RS256', kid: 'k1', jwk: publicKey.export({ format: 'jwk' }), jku: 'http://127.0.0.1:1/keys' };
  return `${encodePart(header)}.${encodePart(validClaims())}.${'a'.repeat(342)}`;
}
