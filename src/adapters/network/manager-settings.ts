/**
 * Finds the registries that the worker's package managers are configured with: it runs the managers and reads their files.
 *
 * It takes addresses only and leaves credentials in those files. A setup step gets the credentials that a setting names.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startProgram } from '../machine/processes/start';
import { hostsOfUrls } from './allow-list';
import type { AllowedHost } from './allow-list';

export interface ManagerSettings {
  /** Servers that the managers would use. */
  hosts: AllowedHost[];
  /** Variables that make the managers in the sandbox use the same servers. */
  env: Record<string, string>;
  /** Folders of this machine that hold packages (`find-links` of pip). */
  folders: string[];
}
export interface WorkerEnvironment {
  /** The variables that the worker was started with. */
  env: Readonly<Record<string, string>>;
  home: string;
}

/** Variables that name registries. They have no secret, unless a URL contains a password. */
const PASSED_VARIABLES = [
  ...['GOPROXY', 'GOSUMDB', 'GONOSUMDB', 'GONOSUMCHECK', 'GOPRIVATE', 'GONOPROXY', 'GOINSECURE', 'GOFLAGS'],
  ...['UV_INDEX_URL', 'UV_DEFAULT_INDEX', 'UV_EXTRA_INDEX_URL', 'UV_INDEX', 'UV_FIND_LINKS', 'PIP_TRUSTED_HOST'],
  ...['PIP_DEFAULT_TIMEOUT', 'PIP_TIMEOUT', 'PIP_RETRIES', 'YARN_NPM_REGISTRY_SERVER', 'BUN_CONFIG_REGISTRY'],
];
const PASSED_PATTERN =
  /^(CARGO_REGISTRIES_\w+_INDEX|CARGO_SOURCE_\w+|CARGO_REGISTRY_DEFAULT|POETRY_REPOSITORIES_\w+_URL)$/;

/** Settings files of package managers, in the worker's home folder. Every URL in them counts as a registry. */
const HOME_FILES = [
  ...['.m2/settings.xml', '.gradle/init.gradle', '.gradle/init.gradle.kts', '.gradle/gradle.properties'],
  ...['.cargo/config.toml', '.cargo/config', '.yarnrc.yml', '.yarnrc', '.bunfig.toml', '.config/uv/uv.toml'],
  ...['.config/pypoetry/config.toml', '.config/pip/pip.conf', '.pip/pip.conf'],
];
/** The same for the whole machine. */
const MACHINE_FILES = ['/etc/maven/settings.xml', '/etc/uv/uv.toml'];

export async function readManagerSettings(worker: WorkerEnvironment): Promise<ManagerSettings> {
  const { env, home } = worker;
  const [npm, pip, go, ...texts] = await Promise.all([
    outputOf(worker, ['npm', 'config', 'ls', '-l', '--json']),
    outputOf(worker, ['python3', '-m', 'pip', 'config', 'list']),
    outputOf(worker, ['go', 'env', 'GOPROXY', 'GOSUMDB']),
    ...[...HOME_FILES.map((name) => join(home, name)), ...MACHINE_FILES].map(readText),
  ]);
  const registrySettings = Object.fromEntries(
    Object.entries(env).filter(([name]) => PASSED_VARIABLES.includes(name) || PASSED_PATTERN.test(name)),
  );
  const managers = [readNpm(npm), readPip(pip)];
  const registryVariables = { ...registrySettings, ...Object.assign({}, ...managers.map((one) => one.env)) } as Record<
    string,
    string
  >;
  const links = [registryVariables['PIP_FIND_LINKS'] ?? '', registryVariables['UV_FIND_LINKS'] ?? '']
    .join(' ')
    .split(/\s+/);
  const xmlComments = /<!--[^]*?-->/g;
  return {
    hosts: [...Object.values(registryVariables), go, ...texts.map((text) => text.replace(xmlComments, ''))]
      .flatMap(hostsOfUrls)
      .concat(checksumHosts(go)),
    env: registryVariables,
    folders: [...new Set(links.filter((link) => link.startsWith('/')))],
  };
}

/** Reads the registries of all scopes from npm's settings, and no tokens (`//host/:_authToken`). */
function readNpm(text: string): Pick<ManagerSettings, 'env'> {
  const config = parse(text);
  const entries = Object.entries(config).filter(
    (entry): entry is [string, string] =>
      typeof entry[1] === 'string' && (entry[0] === 'registry' || /^@[^:]+:registry$/.test(entry[0])),
  );
  return { env: Object.fromEntries(entries.map(([name, url]) => [`npm_config_${name}`, url])) };
}

/** Reads pip's settings: lines such as `global.index-url='https://...'`, or `:env:.index-url=...` for one from a variable. */
function readPip(text: string): Pick<ManagerSettings, 'env'> {
  const env: Record<string, string> = {};
  for (const [, name = '', value = ''] of text.matchAll(/^[\w:]+\.([a-z-]+)='(.*)'$/gm)) {
    if (!['index-url', 'extra-index-url', 'find-links', 'trusted-host'].includes(name)) continue;
    env[`PIP_${name.toUpperCase().replaceAll('-', '_')}`] = value.replace(/\\n/g, ' ').trim();
  }
  return { env };
}

/** Returns the host of Go's checksum database, which GOSUMDB names without a URL. */
function checksumHosts(go: string): AllowedHost[] {
  const name = /^[a-z0-9.-]+\.[a-z]{2,}$/m.exec(go)?.[0];
  return name === undefined ? [] : [{ host: name, port: 443 }];
}

const MANAGER_TIMEOUT_MS = 20_000;

/** Returns what the program prints; empty if the program is missing, fails or takes too long. */
async function outputOf({ env }: WorkerEnvironment, [file = '', ...args]: string[]): Promise<string> {
  let text = '';
  const program = startProgram({
    ...{ file, args, cwd: '/', env: { ...env } },
    outputs: { 1: (chunk) => void (text += chunk.toString('utf8')) },
  });
  const timer = setTimeout(program.kill, MANAGER_TIMEOUT_MS);
  const code = await program.closed.catch(() => 1);
  clearTimeout(timer);
  return code === 0 ? text : '';
}

function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
