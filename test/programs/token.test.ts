/**
 * `qo token`: what it makes, stores and prints, and how it reports a wrong argument.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccess } from '../../src/adapters/access/create-access';
import { readTokens, tokenFileIn } from '../../src/adapters/access/token-file';
import { sha256 } from '../../src/inspect/digest';
import { runToken } from '../../src/programs/cli/token';

let folder: string;
let dataDir: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'q-test-token-'));
  dataDir = join(folder, 'data');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const qo = (line: string) => runToken(line.split(' '), dataDir);
const tokenFileText = () => readFileSync(tokenFileIn(dataDir), 'utf8');
const openAccess = () => createAccess({ file: tokenFileIn(dataDir), isReachable: false, warn: () => undefined });

test('create prints the token once on standard output and a message on standard error, and stores only its SHA-256, readable by its owner', async () => {
  const made = await qo('create --name alice --rights operator,approver --projects shop,web --expires 30d');
  expect(made.out).toMatch(/^qo_[A-Za-z0-9_-]{43}\n$/);
  expect(made).toMatchObject({
    exitCode: 0,
    err: expect.stringContaining('token "alice" (operator,approver; shop,web'),
  });
  const secret = made.out.trim();
  expect(made.err).not.toContain(secret);
  expect(tokenFileText()).not.toContain(secret);
  expect(statSync(tokenFileIn(dataDir)).mode & 0o777).toBe(0o600);
  const [token] = await readTokens(tokenFileIn(dataDir));
  expect(token).toMatchObject({
    ...{ name: 'alice', sha256: sha256(secret), rights: ['operator', 'approver'], projects: ['shop', 'web'] },
    revokedAt: null,
  });
  const days = (Date.parse(token?.expiresAt ?? '') - Date.now()) / 86_400_000;
  expect(days).toBeCloseTo(30, 1);
  expect((await qo('list')).out).not.toContain(token?.sha256.slice(0, 8) ?? '');
});

test('list and revoke do not create the data folder', async () => {
  expect(await qo('list')).toMatchObject({ exitCode: 0, out: '', err: expect.stringContaining('no token exists') });
  expect((await qo('revoke nobody')).exitCode).toBe(1);
  expect(existsSync(dataDir)).toBe(false);
});

test('twenty tokens that are made at once are all stored, and all differ', async () => {
  const made = await Promise.all(Array.from({ length: 20 }, (_, n) => qo(`create --name t${n} --rights viewer`)));
  expect(new Set(made.map(({ out }) => out)).size).toBe(20);
  expect(await readTokens(tokenFileIn(dataDir))).toHaveLength(20);
});

test('a name is taken while its token is valid; after a revocation it is free, and the list shows both tokens', async () => {
  await qo('create --name alice --rights viewer');
  expect(await qo('create --name alice --rights admin')).toMatchObject({
    exitCode: 1,
    err: expect.stringMatching(/^--name "alice": a token with this name exists; choose another name/),
  });
  expect((await qo('revoke alice')).exitCode).toBe(0);
  expect(await qo('revoke alice')).toMatchObject({ exitCode: 1, err: expect.stringContaining('no token "alice"') });
  expect((await qo('create --name alice --rights viewer')).exitCode).toBe(0);
  const listed = JSON.parse((await qo('list --json')).out) as Array<{ name: string; state: string }>;
  expect(listed.map(({ name, state }) => `${name} ${state}`)).toEqual(['alice revoked', 'alice valid']);
  expect((await qo('list')).out).toMatch(/^alice +revoked +viewer; all projects; never expires\nalice +valid /);
});

test('a revocation of the last token does not open the API, in this process or the next', async () => {
  expect(await openAccess().requiresToken()).toBe(false);
  const access = openAccess();
  expect(await access.identify(null)).toMatchObject({ kind: 'caller', caller: { rights: ['admin'] } });
  const secret = (await qo('create --name only --rights admin')).out.trim();
  expect(await access.identify(null)).toEqual({ kind: 'missing' });
  expect(await access.identify(secret)).toMatchObject({ kind: 'caller', caller: { name: 'only' } });
  await qo('revoke only');
  for (const one of [access, openAccess()]) {
    expect(await one.identify(null)).toEqual({ kind: 'missing' });
    expect(await one.identify(secret)).toMatchObject({ kind: 'refused', words: expect.stringContaining('revoked') });
  }
});

test('a HOST that other machines reach closes the API before there is any token', async () => {
  const access = createAccess({ file: tokenFileIn(dataDir), isReachable: true, warn: () => undefined });
  expect(await access.identify(null)).toEqual({ kind: 'missing' });
});

test('--if-none makes only the first token, in a file that only its owner reads; it replaces the file of an interrupted start', async () => {
  const out = join(folder, 'admin-token');
  const first = `create --if-none --name admin --rights admin --out ${out}`;
  // Left by a start that was killed before the token was stored.
  writeFileSync(out, 'qo_of-a-killed-start\n', { mode: 0o644 });
  expect(await qo(first)).toMatchObject({ exitCode: 0, out: '' });
  const secret = readFileSync(out, 'utf8').trim();
  expect(statSync(out).mode & 0o777).toBe(0o600);
  expect(await openAccess().identify(secret)).toMatchObject({ kind: 'caller', caller: { name: 'admin' } });
  expect(await qo(first)).toMatchObject({ exitCode: 0, err: expect.stringContaining('exists already') });
  expect(readFileSync(out, 'utf8').trim()).toBe(secret);
  await qo('revoke admin');
  expect((await qo(first)).err).toContain('exists already');
  const again = await qo(`create --name two --rights admin --out ${out}`);
  expect(again).toMatchObject({ exitCode: 2, err: expect.stringContaining('the file exists') });
  expect(await readTokens(tokenFileIn(dataDir))).toHaveLength(1);
});

test.each([
  ['create --rights admin', '--name is missing: it must be 1 to 64 letters'],
  ['create --name a/b --rights admin', '--name "a/b" is wrong: it must be 1 to 64 letters'],
  ['create --name a', '--rights is missing: it must be one or more of viewer, operator, approver, agent, admin'],
  ['create --name a --rights root', '--rights "root" is wrong: it must be one or more of viewer'],
  ['create --name a --rights ,', '--rights "," is wrong'],
  ['create --name a --rights admin --projects a.b', '--projects "a.b" is wrong: it must be up to 100 ids'],
  ['create --name a --rights admin --projects ,', '--projects "," is wrong'],
  ['create --name a --rights admin --expires soon', '--expires "soon" is wrong: it must be a future time'],
  ['create --name a --rights admin --expires 0d', '--expires "0d" is wrong'],
  ['create --name a --rights admin --expires 2020-01-01', '--expires "2020-01-01" is wrong'],
  ['create --name a --rights admin --expires 999999w', '--expires "999999w" is wrong'],
  ['create --name a --rights admin --json', 'qo token create takes no --json'],
  ['create alice', 'qo token create: "alice" is one word too many'],
  ['revoke', 'qo token revoke <name>: the name is missing'],
  ['revoke a b', 'qo token revoke: "b" is one word too many'],
  ['list --name a', 'qo token list takes no --name'],
  ['delete a', 'qo token delete: must be one of create, list, revoke'],
])('qo token %s is refused with exit code 2 and the right form', async (line, words) => {
  const result = await qo(line);
  expect(result).toMatchObject({ exitCode: 2, out: '' });
  expect(result.err).toContain(words);
  expect(existsSync(tokenFileIn(dataDir))).toBe(false);
});
