/**
 * The programs with tokens: the warnings at a start, and that a running API applies a change by `qo token` at once.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beginProgram, sharedServerEnv } from '../e2e/a-program';
import type { Program } from '../e2e/a-program';

const QO = join(__dirname, '../../bin/qo.js');
let folder: string;
let program: Program | undefined;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'q-test-token-'))));
afterEach(async () => {
  program?.child.kill('SIGTERM');
  await program?.exitCode;
  program = undefined;
  rmSync(folder, { recursive: true, force: true });
});

function qo(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    const env = { ...process.env, DATA_DIR: join(folder, 'data') };
    execFile(process.execPath, [QO, ...args], { cwd: folder, env }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

async function startApi(env: Record<string, string> = {}): Promise<string> {
  program = beginProgram({ name: 'api', folder, env: { ...sharedServerEnv(), ...env } });
  const [, url = ''] = await program.waitFor(/ready (http:\S+)/);
  return url.replace('0.0.0.0', '127.0.0.1');
}

const statusOf = async (url: string, token?: string) => {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return (await fetch(`${url}/api/workflows`, { headers })).status;
};

test('on loopback the API is open and logs that; the first token closes it at once, and a revocation does not open it', async () => {
  const url = await startApi();
  expect(program?.output()).toMatch(
    /^no token exists, so every program of this machine may do everything; `npx qo token/m,
  );
  expect(await statusOf(url)).toBe(200);
  const made = await qo('token', 'create', '--name', 'ada', '--rights', 'admin', '--expires', '1h');
  expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^qo_\S+\n$/) });
  const secret = made.out.trim();
  expect([await statusOf(url), await statusOf(url, secret), await statusOf(url, `${secret}x`)]).toEqual([
    401, 200, 401,
  ]);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect((await qo('token', 'list')).out).toMatch(/^ada +valid +admin; all projects; expires /);
  expect((await qo('token', 'revoke', 'ada')).code).toBe(0);
  expect([await statusOf(url), await statusOf(url, secret)]).toEqual([401, 401]);
  expect(program?.output()).not.toContain(secret);
});

test('an API that other machines reach refuses every call until there is a token, and logs that', async () => {
  const url = await startApi({ HOST: '0.0.0.0' });
  expect(program?.output()).toMatch(
    /^HOST=0\.0\.0\.0 can be reached from outside and no token exists, so every call is refused/m,
  );
  expect(await statusOf(url)).toBe(401);
  const { out } = await qo('token', 'create', '--name', 'ada', '--rights', 'viewer');
  expect(await statusOf(url, out.trim())).toBe(200);
});

test('the token of TOKEN_FILE is the first admin token; a file without a valid token stops the start with one line', async () => {
  const file = join(folder, 'first');
  writeFileSync(file, 'short\n');
  program = beginProgram({ name: 'api', folder, env: { ...sharedServerEnv(), TOKEN_FILE: file } });
  expect(await program.exitCode).toBe(1);
  expect(program.output()).toMatch(
    /^TOKEN_FILE=".*" is wrong: its first line must be a token of 32 or more characters/m,
  );
  expect(program.output()).not.toContain('short');
  const secret = 'a'.repeat(40);
  writeFileSync(file, `${secret}\n`);
  const url = await startApi({ TOKEN_FILE: file });
  expect(program.output()).not.toMatch(/no token exists/);
  expect([await statusOf(url), await statusOf(url, secret)]).toEqual([401, 200]);
});

test('qo prints its help and names a wrong argument, with the exit codes that the help states', async () => {
  const help = await qo('--help');
  expect(help).toMatchObject({ code: 0, err: '' });
  expect(help.out).toContain('qo token create --name <name> --rights <right,…>');
  expect(help.out).toContain('qo verify <record.json>');
  expect(await qo('token', 'create', '--help')).toEqual(help);
  expect(await qo('token', 'create', '--name', 'x', '--rights', 'root')).toMatchObject({ code: 2, out: '' });
  expect(await qo('token', 'revoke', 'nobody')).toMatchObject({ code: 1, out: '' });
  expect((await qo()).code).toBe(2);
});
