/**
 * Settings: their defaults, and the one line that reports a wrong one.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ConfigError, readConfig, SETTINGS } from '../../src/programs/config';
import { roleDefaults } from '../../src/programs/wiring';
import { verifies } from '../requirements/verifies';

/** Keeps the tests from reading the Temporal configuration file of the user. */
const NO_CONFIG_FILE = { TEMPORAL_CONFIG_FILE: '/nowhere/temporal.toml' };
const read = (env: NodeJS.ProcessEnv = {}) => readConfig({ ...NO_CONFIG_FILE, ...env });
const refusalOf = (env: NodeJS.ProcessEnv): string => {
  try {
    read(env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message;
  }
  throw new Error('nothing was refused');
};

verifies('9.18');
test('without any setting the configuration is complete, without a model and with a sandbox', () => {
  expect(read()).toMatchObject({
    port: 8000,
    host: '127.0.0.1',
    dataDir: resolve('.q-orchestrator'),
    temporal: { address: undefined, namespace: 'default', taskQueue: 'q-orchestrator', connection: {} },
    models: { chains: {}, timeoutMs: 600_000 },
    repositoryRoots: [],
    sandbox: { driver: 'bubblewrap', uid: undefined },
  });
});

verifies('3.2');
test('a role with a configured model is in the mode llm, and a role without one is external', () => {
  expect(new Set(Object.values(roleDefaults(read())))).toEqual(new Set(['external']));
  const { code_writer, ...rest } = roleDefaults(read({ MODEL_CODE_WRITER: `scripted:${__filename}` }));
  expect([code_writer, ...new Set(Object.values(rest))]).toEqual(['llm', 'external']);
});

test('reading the settings loads no SDK of a model', () => {
  const program = `require('./src/programs/config.ts'); process.stdout.write(Object.keys(require.cache).join())`;
  const loaded = execFileSync(process.execPath, ['--require', 'tsx/cjs', '-e', program], { encoding: 'utf8' });
  expect(loaded).toContain('providers/anthropic.ts');
  expect(loaded).not.toMatch(/@ai-sdk|@openrouter|node_modules.ai\//);
});

test('an empty setting counts as not set', () => {
  const names = SETTINGS.filter(({ name }) => name !== 'TEMPORAL_CONFIG_FILE').map(({ name }) => [name, '']);
  expect(read(Object.fromEntries(names) as NodeJS.ProcessEnv)).toEqual(read());
});

test.each([
  ['PORT', '80000', 'PORT="80000" is wrong: it must be a whole number from 0 to 65535'],
  ['PORT', 'http', 'PORT="http" is wrong: it must be a whole number from 0 to 65535'],
  ['LOG_LEVEL', 'loud', 'LOG_LEVEL="loud" is wrong: it must be one of fatal, error, warn, info, debug, trace, silent'],
  ['TEMPORAL_ADDRESS', 'https://x', 'TEMPORAL_ADDRESS="https://x" is wrong: it must be <host>:<port>'],
  [
    'COMPATIBLE_BASE_URL',
    'x',
    'COMPATIBLE_BASE_URL="x" is wrong: it must be a url that starts with http:// or https://',
  ],
  ['SANDBOX', 'none', 'SANDBOX="none" is wrong: it also needs NODE_ENV=development or ALLOW_NO_SANDBOX=1'],
])('%s=%s is refused with one line that names the setting, the value and the right form', (name, value, line) => {
  expect(refusalOf({ [name]: value })).toBe(line);
});

test('ALLOWED_HOSTS and CORS_ORIGINS are read as lists, in the form that browsers send', () => {
  const { browsers } = read({
    ALLOWED_HOSTS: 'Q.example.org, localhost:9000,[::1]:1,',
    CORS_ORIGINS: 'https://APP.example.org:8443',
  });
  expect(browsers).toEqual({
    host: '127.0.0.1',
    allowedHosts: [{ host: 'q.example.org' }, { host: 'localhost', port: 9000 }, { host: '[::1]', port: 1 }],
    origins: ['https://app.example.org:8443'],
  });
  expect(read().browsers).toEqual({ host: '127.0.0.1', allowedHosts: [], origins: [] });
});

test.each([
  '*',
  'null',
  'app.example.org',
  'https://app.example.org/',
  'https://*.example.org',
  'ftp://x',
  'https://u@x',
  'https://x:443',
])('CORS_ORIGINS=%s is refused: it is no origin of a page', (value) =>
  expect(refusalOf({ CORS_ORIGINS: `https://x,${value}` })).toMatch(/^CORS_ORIGINS=".*" is wrong: it must be orig/),
);

test.each(['*', '*.example.org', 'http://x', 'x/y', 'x:port', 'x:99999', 'a b', '::1'])(
  'ALLOWED_HOSTS=%s is refused: it is no value of a Host header',
  (value) => expect(refusalOf({ ALLOWED_HOSTS: value })).toMatch(/^ALLOWED_HOSTS=".*" is wrong: it must be names/),
);

test.each(['gpt', 'other:model', 'openai:', 'scripted:a,,scripted:b'])('MODEL=%s is refused', (MODEL) => {
  expect(refusalOf({ MODEL })).toMatch(/^MODEL=".*" is wrong: it must be anthropic:<id>, /);
});

test('SANDBOX=none needs a second setting that allows it', () => {
  expect(read({ SANDBOX: 'none', ALLOW_NO_SANDBOX: '1' }).sandbox.driver).toBe('none');
  expect(read({ SANDBOX: 'none', NODE_ENV: 'development' }).sandbox.driver).toBe('none');
  expect(refusalOf({ SANDBOX: 'none', ALLOW_NO_SANDBOX: '0' })).toContain('ALLOW_NO_SANDBOX=1');
});

test('a role may have a model of its own, and commas make a fallback chain', () => {
  const { chains } = read({ MODEL: 'scripted:all.json', MODEL_CODE_WRITER: 'scripted:a.json, scripted:b.json' }).models;
  expect(chains.code_writer).toEqual([
    { provider: 'scripted', id: 'a.json' },
    { provider: 'scripted', id: 'b.json' },
  ]);
  expect(chains.release_manager).toEqual([{ provider: 'scripted', id: 'all.json' }]);
  expect(Object.keys(read({ MODEL_Q_ASSISTANT: 'scripted:a.json' }).models.chains)).toEqual(['q_assistant']);
});

test('a model that cannot be reached without a key or an address is refused at once', () => {
  expect(refusalOf({ MODEL: 'anthropic:x' })).toBe(
    'MODEL="anthropic:x" is wrong: it needs ANTHROPIC_API_KEY, which is not set',
  );
  expect(refusalOf({ MODEL_CODE_WRITER: 'compatible:x' })).toContain(
    'MODEL_CODE_WRITER="compatible:x" is wrong: it needs COMPATIBLE_BASE_URL',
  );
  expect(read({ MODEL: 'openai:x', OPENAI_API_KEY: 'k' }).models.providers.openai.apiKey).toBe('k');
});

describe('files that model settings name', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'config-'))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  test('each key of a provider may be read from a file', () => {
    const file = write('key', 'k');
    const { models } = read({ MODEL: 'openai:x', OPENAI_API_KEY_FILE: file });
    expect(models.keyFiles).toEqual({ OPENAI_API_KEY: file });
    const names = SETTINGS.map(({ name }) => name as string);
    for (const key of names.filter((name) => /^(?!TEMPORAL).*_API_KEY$/.test(name)))
      expect(names).toContain(`${key}_FILE`);
  });

  test.each(['OPENAI_API_KEY_FILE', 'MODEL_SETTINGS'])('%s that names no file is refused at once', (name) => {
    expect(refusalOf({ [name]: '/nowhere/file' })).toBe(`${name}="/nowhere/file" is wrong: the file cannot be read`);
  });

  test('settings of single models are read, and an error in them is named by file, model and field', () => {
    const valid = write('right.json', '{"openai:x": {"max_output_tokens": 9}}');
    expect(read({ MODEL_SETTINGS: valid }).models.tunings).toEqual({ 'openai:x': { maxOutputTokens: 9 } });
    const wrong = write('wrong.json', '{"openai:x": {"context_window": "9"}}');
    expect(refusalOf({ MODEL_SETTINGS: wrong })).toMatch(
      /^MODEL_SETTINGS=".*wrong.json" is wrong: openai:x: context_window: /,
    );
  });
});

test('roots of repositories are absolute folders', () => {
  expect(read({ REPOSITORY_ROOTS: '/a:b:' }).repositoryRoots).toEqual(['/a', resolve('b')]);
});

test('Temporal is configured by the variables of every Temporal tool', () => {
  const { temporal } = read({ TEMPORAL_ADDRESS: 'cloud:7233', TEMPORAL_NAMESPACE: 'n.a', TEMPORAL_API_KEY: 'secret' });
  expect(temporal).toMatchObject({
    address: 'cloud:7233',
    namespace: 'n.a',
    connection: { tls: true, apiKey: 'secret' },
  });
});

test('a missing Temporal profile is refused with one line without a secret', () => {
  const line = refusalOf({ TEMPORAL_PROFILE: 'nowhere', TEMPORAL_API_KEY: 'secret' });
  expect(line).toMatch(/^the TEMPORAL_\* settings .* wrong: .*nowhere/);
  expect(line).not.toMatch(/secret|\n/);
});

test('the list of settings has a name and a description for each, and no name twice', () => {
  const names = SETTINGS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(expect.arrayContaining(['PORT', 'MODEL_Q_ASSISTANT', 'MODEL_RELEASE_MANAGER', 'SANDBOX']));
  for (const { description } of SETTINGS) expect(description).toMatch(/\.$/);
});

test('without settings only a token closes the API; a HOST that other machines may reach closes it, too', () => {
  expect(read().access).toEqual({ firstTokenFile: undefined, oidc: undefined, isReachable: false });
  for (const HOST of ['localhost', '127.0.0.1', '127.8.0.1', '::1']) {
    expect({ HOST, isReachable: read({ HOST }).access.isReachable }).toEqual({ HOST, isReachable: false });
  }
  for (const HOST of [
    '0.0.0.0',
    '::',
    '192.168.1.4',
    '127.evil.test',
    'localhost.evil.test',
    '::ffff:10.0.0.1',
    'my-host',
  ]) {
    expect({ HOST, isReachable: read({ HOST }).access.isReachable }).toEqual({ HOST, isReachable: true });
  }
});

test('TOKEN_FILE must have a first token of 32 characters or more; the error does not repeat its content', () => {
  const folder = mkdtempSync(join(tmpdir(), 'q-test-token-file-'));
  const file = join(folder, 'token');
  try {
    expect(refusalOf({ TOKEN_FILE: file })).toBe(`TOKEN_FILE="${file}" is wrong: the file cannot be read`);
    for (const text of ['', 'short', `\n${'a'.repeat(40)}`, `with a space ${'a'.repeat(40)}`, 'ä'.repeat(40)]) {
      writeFileSync(file, text);
      const line = refusalOf({ TOKEN_FILE: file });
      expect(line).toContain('its first line must be a token of 32 or more characters without spaces');
      if (text !== '') expect(line).not.toContain(text);
    }
    writeFileSync(file, `${'a'.repeat(32)}\nanything\n`);
    expect(read({ TOKEN_FILE: file }).access.firstTokenFile).toBe(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('an issuer needs an audience and https, and algorithms without a private key are refused', () => {
  const valid = { OIDC_ISSUER: 'https://id.example.org/', OIDC_AUDIENCE: 'q' };
  expect(read(valid).access.oidc).toEqual({
    ...{ issuer: 'https://id.example.org/', audience: 'q', clockSkewS: 30, projectsClaim: 'qo_projects' },
    algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
  });
  expect(read({ ...valid, OIDC_ALGORITHMS: 'ES384, RS512' }).access.oidc?.algorithms).toEqual(['ES384', 'RS512']);
  expect(read({ ...valid, OIDC_ISSUER: 'http://127.0.0.1:9' }).access.oidc?.issuer).toBe('http://127.0.0.1:9');
  for (const OIDC_ALGORITHMS of ['none', 'HS256', 'RS256,HS512', 'RS256,', 'rs256']) {
    expect(refusalOf({ ...valid, OIDC_ALGORITHMS })).toMatch(
      /^OIDC_ALGORITHMS=".*" is wrong: it must be one or more of RS256, /,
    );
  }
  expect(refusalOf({ ...valid, OIDC_ISSUER: 'http://id.example.org' })).toMatch(
    /^OIDC_ISSUER=.* must be the https:\/\/ address/,
  );
  expect(refusalOf({ OIDC_ISSUER: valid.OIDC_ISSUER })).toContain('it needs OIDC_AUDIENCE, which is not set');
  expect(refusalOf({ OIDC_AUDIENCE: 'q' })).toContain('it needs OIDC_ISSUER, which is not set');
});
