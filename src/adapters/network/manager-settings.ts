/**
 * What the package managers of the worker are configured with: their registries, asked of them and read from their files.
 *
 * Addresses only. A credential that stands in such a file stays there: the set-up step gets those that a setting names.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startProgram } from '../machine/processes/start';
import { hostsOfUrls } from './allow-list';
import type { AllowedHost } from './allow-list';

export interface ManagerSettings {
  /** Servers that the managers would ask. */
  hosts: AllowedHost[];
  /** Variables by which the managers inside the sandbox ask the same ones. */
  env: Record<string, string>;
  /** Folders of this machine that hold packages (`find-links` of pip). */
  folders: string[];
}
export interface WorkerEnvironment {
  /** As the worker was started with. */
  env: Readonly<Record<string, string>>;
  home: string;
}

/** Variables that name registries, and nothing secret unless an address has a password in it. */
const PASSED = [
  ...['GOPROXY', 'GOSUMDB', 'GONOSUMDB', 'GONOSUMCHECK', 'GOPRIVATE', 'GONOPROXY', 'GOINSECURE', 'GOFLAGS'],
  ...['UV_INDEX_URL', 'UV_DEFAULT_INDEX', 'UV_EXTRA_INDEX_URL', 'UV_INDEX', 'UV_FIND_LINKS', 'PIP_TRUSTED_HOST'],
  ...['PIP_DEFAULT_TIMEOUT', 'PIP_TIMEOUT', 'PIP_RETRIES', 'YARN_NPM_REGISTRY_SERVER', 'BUN_CONFIG_REGISTRY'],
];
const PASSED_PATTERN =
  /^(CARGO_REGISTRIES_\w+_INDEX|CARGO_SOURCE_\w+|CARGO_REGISTRY_DEFAULT|POETRY_REPOSITORIES_\w+_URL)$/;

/** Files in the home folder of the worker, and of the machine, whose addresses count. */
const FILES = [
  ...['.m2/settings.xml', '.gradle/init.gradle', '.gradle/init.gradle.kts', '.gradle/gradle.properties'],
  ...['.cargo/config.toml', '.cargo/config', '.yarnrc.yml', '.yarnrc', '.bunfig.toml', '.config/uv/uv.toml'],
  ...['.config/pypoetry/config.toml', '.config/pip/pip.conf', '.pip/pip.conf'],
];
const MACHINE_FILES = ['/etc/maven/settings.xml', '/etc/uv/uv.toml'];

export async function readManagerSettings(worker: WorkerEnvironment): Promise<ManagerSettings> {
  const { env, home } = worker;
  const [npm, pip, go, ...texts] = await Promise.all([
    answerOf(worker, ['npm', 'config', 'ls', '-l', '--json']),
    answerOf(worker, ['python3', '-m', 'pip', 'config', 'list']),
    answerOf(worker, ['go', 'env', 'GOPROXY', 'GOSUMDB']),
    ...[...FILES.map((name) => join(home, name)), ...MACHINE_FILES].map(textOf),
  ]);
  const passed = Object.fromEntries(
    Object.entries(env).filter(([name]) => PASSED.includes(name) || PASSED_PATTERN.test(name)),
  );
  const asked = [readNpm(npm), readPip(pip)];
  const known = { ...passed, ...Object.assign({}, ...asked.map((one) => one.env)) } as Record<string, string>;
  const links = [known['PIP_FIND_LINKS'] ?? '', known['UV_FIND_LINKS'] ?? ''].join(' ').split(/\s+/);
  const comments = /<!--[^]*?-->/g;
  return {
    hosts: [...Object.values(known), go, ...texts.map((text) => text.replace(comments, ''))]
      .flatMap(hostsOfUrls)
      .concat(checksumHosts(go)),
    env: known,
    folders: [...new Set(links.filter((link) => link.startsWith('/')))],
  };
}

/** Registries of all scopes; tokens (`//host/:_authToken`) are left where they are. */
function readNpm(text: string): Pick<ManagerSettings, 'env'> {
  const config = parse(text);
  const entries = Object.entries(config).filter(
    (entry): entry is [string, string] =>
      typeof entry[1] === 'string' && (entry[0] === 'registry' || /^@[^:]+:registry$/.test(entry[0])),
  );
  return { env: Object.fromEntries(entries.map(([name, url]) => [`npm_config_${name}`, url])) };
}

/** Lines such as `global.index-url='https://...'`; `:env:` stands for variables. */
function readPip(text: string): Pick<ManagerSettings, 'env'> {
  const env: Record<string, string> = {};
  for (const [, name = '', value = ''] of text.matchAll(/^[\w:]+\.([a-z-]+)='(.*)'$/gm)) {
    if (!['index-url', 'extra-index-url', 'find-links', 'trusted-host'].includes(name)) continue;
    env[`PIP_${name.toUpperCase().replaceAll('-', '_')}`] = value.replace(/\\n/g, ' ').trim();
  }
  return { env };
}

/** The sum database is named without an address. */
function checksumHosts(go: string): AllowedHost[] {
  const name = /^[a-z0-9.-]+\.[a-z]{2,}$/m.exec(go)?.[0];
  return name === undefined ? [] : [{ host: name, port: 443 }];
}

/** Empty where the program is missing or fails. */
async function answerOf({ env }: WorkerEnvironment, [file = '', ...args]: string[]): Promise<string> {
  let text = '';
  const running = startProgram({
    ...{ file, args, cwd: '/', env: { ...env } },
    outputs: { 1: (chunk) => void (text += chunk.toString('utf8')) },
  });
  const timer = setTimeout(running.kill, 20_000);
  const code = await running.closed.catch(() => 1);
  clearTimeout(timer);
  return code === 0 ? text : '';
}

function textOf(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
