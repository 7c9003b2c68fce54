/**
 * The settings of notices: what they are read as, and the one line that reports a wrong one, without a secret in it.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ConfigError, readConfig } from '../../src/programs/config';
import { createNoticeRules } from '../../src/programs/notice-wiring';
import { settingTargetsOf } from '../../src/programs/notices-config';

const read = (env: NodeJS.ProcessEnv = {}) => readConfig({ TEMPORAL_CONFIG_FILE: '/nowhere/temporal.toml', ...env });
const SMTP = { SMTP_URL: 'smtp://ada:pass@mail.example.org:587', SMTP_FROM: 'Q <q@example.org>' };
const refusalOf = (env: NodeJS.ProcessEnv): string => {
  try {
    read(env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message;
  }
  throw new Error('nothing was refused');
};

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'q-test-notices-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('without any setting there are no targets, and the secret lies in the data folder', () => {
  expect(read().notices).toEqual({
    ...{ targets: {}, privateHosts: [], email: undefined, publicUrl: 'http://127.0.0.1:8000' },
    secrets: { file: resolve('.q-orchestrator/notice-secret'), isOwn: true },
  });
});

test('NOTIFY is a list with commas or a JSON list, and a build keeps no address of it', () => {
  const simple = read({ ...SMTP, NOTIFY: 'https://a.example/x, ops@example.org,' }).notices;
  expect(Object.values(simple.targets)).toEqual([{ url: 'https://a.example/x' }, { email: 'ops@example.org' }]);
  const list = [{ url: 'https://a.example/x', format: 'slack', events: ['error'] }, 'https://b.example/'];
  const detailed = read({ NOTIFY: JSON.stringify(list) }).notices;
  expect(Object.values(detailed.targets)).toEqual([list[0], { url: 'https://b.example/' }]);
  const kept = settingTargetsOf(detailed);
  expect(kept).toEqual([
    { setting: expect.stringMatching(/^[0-9a-f]{16}$/) as string, events: ['error'] },
    { setting: expect.stringMatching(/^[0-9a-f]{16}$/) as string },
  ]);
  // The same address has the same name at every start.
  expect(settingTargetsOf(read({ NOTIFY: JSON.stringify(list) }).notices)).toEqual(kept);
});

test('the address of links is PUBLIC_URL, else that of the API where people can open it', () => {
  const urlOf = (env: NodeJS.ProcessEnv) => read(env).notices.publicUrl;
  expect(urlOf({ PUBLIC_URL: 'https://q.example.org/api//', PORT: '0' })).toBe('https://q.example.org/api');
  expect(urlOf({ HOST: '::1', PORT: '9000' })).toBe('http://[::1]:9000');
  expect([urlOf({ PORT: '0' }), urlOf({ HOST: '0.0.0.0' }), urlOf({ HOST: '::' })]).toEqual([null, null, null]);
});

test('only a server that NOTIFY_PRIVATE_HOSTS names in full, with its port, may be private', () => {
  const { isNamedHost, sendsEmail } = createNoticeRules(
    read({ NOTIFY_PRIVATE_HOSTS: 'a.internal,b.internal:8443,*.c.internal' }),
  );
  expect(sendsEmail).toBe(false);
  expect([isNamedHost('a.internal', 443), isNamedHost('A.internal', 80), isNamedHost('b.internal', 8443)]).toEqual([
    true,
    true,
    true,
  ]);
  expect([isNamedHost('a.internal', 8080), isNamedHost('b.internal', 443), isNamedHost('x.c.internal', 443)]).toEqual([
    false,
    false,
    false,
  ]);
});

test('a file of secrets that cannot be used ends the start', () => {
  const file = join(folder, 'secrets');
  writeFileSync(file, 'whsec_short\n');
  expect(refusalOf({ NOTIFY_SECRET_FILE: file })).toMatch(
    /^NOTIFY_SECRET_FILE=".*" is wrong in line 1: it must be "whsec_/,
  );
  expect(refusalOf({ NOTIFY_SECRET_FILE: join(folder, 'none') })).toMatch(/ cannot be read \(ENOENT\)$/);
  writeFileSync(file, `whsec_${randomBytes(32).toString('base64')}\n`);
  expect(read({ NOTIFY_SECRET_FILE: file }).notices.secrets).toEqual({ file, isOwn: false });
});

test.each([
  [{ NOTIFY: 'ftp://a.example' }, /^NOTIFY="\(hidden\)" is wrong: it must be urls of webhooks and e-mail addresses/],
  [{ NOTIFY: '[{"url": "https://a.example/", "secret": "x"}]' }, /^NOTIFY="\(hidden\)" is wrong/],
  [{ NOTIFY: '[broken' }, /^NOTIFY="\(hidden\)" is wrong/],
  [
    { NOTIFY: 'ops@example.org' },
    /^NOTIFY="\(hidden\)" is wrong: an e-mail address in it needs SMTP_URL, which is not set$/,
  ],
  [{ SMTP_URL: SMTP.SMTP_URL }, /^SMTP_URL="\(hidden\)" is wrong: it needs SMTP_FROM, which is not set$/],
  [{ ...SMTP, SMTP_URL: 'https://mail.example.org' }, /^SMTP_URL="\(hidden\)" is wrong: it must be smtp:\/\//],
  [{ ...SMTP, SMTP_FROM: 'q@example.org\nBcc: x@example.org' }, /^SMTP_FROM=".*/],
  [{ NOTIFY_PRIVATE_HOSTS: 'http://a' }, /^NOTIFY_PRIVATE_HOSTS="http:\/\/a" is wrong: it must be names of servers/],
  [{ PUBLIC_URL: `https://${'q'.repeat(200)}.example` }, /^PUBLIC_URL=".*" is wrong/],
])('%j ends the start with one line that names the setting', (env, line) => {
  expect(refusalOf(env)).toMatch(line);
});
