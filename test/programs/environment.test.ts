/**
 * The environment that child processes get, and the file mode of DATA_DIR.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childEnvironment } from '../../src/adapters/machine/child-environment';
import { readManagerSettings } from '../../src/adapters/network/manager-settings';
import { readConfig } from '../../src/programs/config';
import { openDataDir } from '../../src/programs/data-folders';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'q-test-environment-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const PLANTED = {
  ...{ ANTHROPIC_API_KEY: 'planted-1', TEMPORAL_API_KEY: 'planted-2', AWS_SECRET_ACCESS_KEY: 'planted-3' },
  ...{ GITHUB_TOKEN: 'planted-4', OIDC_CLIENT_SECRET: 'planted-5', DATABASE_URL: 'planted-6', PGPASSWORD: 'planted-7' },
  ...{ CARGO_REGISTRY_TOKEN: 'planted-8', npm_config__authToken: 'planted-9', MODEL: 'scripted:planted-10' },
  ...{ TEMPORAL_TLS_CLIENT_KEY_DATA: 'planted-11', HONEYCOMB_KEY: 'planted-12' },
};
const NEEDED = {
  ...{
    PATH: '/usr/bin',
    HOME: '/home/ada',
    LANG: 'de_DE.UTF-8',
    LC_ALL: 'C',
    TMPDIR: '/tmp',
    https_proxy: 'http://proxy',
  },
  ...{ NO_PROXY: 'localhost', SSL_CERT_FILE: '/certs.pem', PIP_INDEX_URL: 'https://pypi.example', GOPROXY: 'off' },
  ...{ npm_config_registry: 'https://npm.example', JAVA_HOME: '/jdk', CARGO_HOME: '/cargo' },
};

test('S17: child processes get the variables that they need, and no secret', () => {
  expect(childEnvironment({ ...PLANTED, ...NEEDED, UNSET: undefined })).toEqual(NEEDED);
});

test('S17: package managers that are asked for their configuration see no key and no token of the worker', async () => {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  for (const name of ['npm', 'pip', 'pip3', 'go', 'yarn', 'cargo', 'mvn'])
    writeFileSync(join(bin, name), `#!/bin/sh\nenv >> '${folder}/told'\necho {}\n`, { mode: 0o755 });
  const env = { TEMPORAL_CONFIG_FILE: '/nowhere', ...PLANTED, HOME: folder, PATH: `${bin}:/usr/bin:/bin` };
  await readManagerSettings(readConfig({ ...env, MODEL: '' }).setup.worker);
  const environments = execFileSync('cat', [join(folder, 'told')], { encoding: 'utf8' });
  expect(environments).toContain(`HOME=${folder}`);
  expect(environments).not.toContain('planted');
});

test('once the settings are read, a program that inherits the environment finds no secret there', () => {
  const program = `
    const { readConfig, narrowEnvironment } = require('./src/programs/config.ts');
    const config = readConfig();
    narrowEnvironment();
    process.stdout.write(require('node:child_process').execFileSync('/usr/bin/env', { encoding: 'utf8' }) + config.temporal.connection.apiKey);`;
  const env = { ...process.env, ...PLANTED, MODEL: '', TEMPORAL_CONFIG_FILE: '/nowhere', LOG_LEVEL: 'debug' };
  const output = execFileSync(process.execPath, ['--require', 'tsx/cjs', '-e', program], { env, encoding: 'utf8' });
  expect(output).toMatch(/planted-2$/);
  expect(output).toContain('LOG_LEVEL=debug');
  expect(output.replace(/planted-2$/, '')).not.toContain('planted');
});

test('S17: DATA_DIR is made for its user alone, and one that others may read is closed, with one notice', async () => {
  const notices: string[] = [];
  const openFolder = (dataDir: string) => openDataDir(dataDir, (line) => notices.push(line));
  const fresh = join(folder, 'deep', 'data');
  await openFolder(fresh);
  expect(statSync(fresh).mode & 0o777).toBe(0o700);
  expect(notices).toEqual([]);
  chmodSync(fresh, 0o755);
  writeFileSync(join(fresh, 'temporal.db'), '', { mode: 0o644 });
  await openFolder(fresh);
  await openFolder(fresh);
  expect(statSync(fresh).mode & 0o777).toBe(0o700);
  expect(statSync(join(fresh, 'temporal.db')).mode & 0o777).toBe(0o600);
  expect(notices).toEqual([`DATA_DIR="${fresh}" was open to others (0755) and is now 0700`]);
});
