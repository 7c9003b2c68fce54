/**
 * Reads and checks the settings for the programs. Only this file reads process.env.
 *
 * A wrong setting throws a ConfigError: one line with the name, the value and the right form.
 */
import { delimiter, resolve } from 'node:path';
import type { SetupOptions } from '../adapters/checkouts/options';
import type { AllowedHost } from '../adapters/network/allow-list';
import type { SandboxLimits } from '../adapters/sandbox/limits';
import { childEnvironment, isForChildren } from '../adapters/machine/child-environment';
import { homeFolder } from '../adapters/machine/home';
import type { GrantCaps } from '../domain/money/room';
import type { GitAccess } from '../adapters/workspace/access';
import type { BrowserRules } from '../api/browsers';
import { readAccess } from './access-config';
import type { AccessConfig } from './access-config';
import { cacheDirOf } from './data-folders';
import { readDisk } from './disk-config';
import type { DiskConfig } from './disk-config';
import { ConfigError } from './config-error';
import { readModels } from './models-config';
import type { ModelsConfig } from './models-config';
import { readMoney } from './money-config';
import type { MoneyConfig } from './money-config';
import { readNotices } from './notices-config';
import type { NoticesConfig } from './notices-config';
import { readProjectCaps } from './project-settings';
import type { Setting } from './setting-forms';
import { SETTING_TABLE, type SettingName, type SettingValues } from './settings';
import { readTemporal } from './temporal-config';
import type { TemporalConfig } from './temporal-config';

export { ConfigError } from './config-error';

const MEGABYTE = 1024 ** 2;
/** The default ports of https and ssh. */
const GIT_PORTS = [443, 22];

export interface Config {
  port: number;
  host: string;
  browsers: BrowserRules;
  rateLimitPerMinute: number | undefined;
  access: AccessConfig;
  maxOpenBuilds: number;
  /** The caps of projects without settings of their own. */
  projectCaps: GrantCaps;
  dataDir: string;
  cacheDir: string;
  logLevel: SettingValues['LOG_LEVEL'];
  logFormat: SettingValues['LOG_FORMAT'];
  /** Values of settings that must not appear in a log. */
  secrets: string[];
  temporal: TemporalConfig;
  models: ModelsConfig;
  money: MoneyConfig;
  /** Absolute folders below which `repository.path` may lie; empty: no local repository is allowed. */
  repositoryRoots: string[];
  sandbox: SandboxConfig;
  surveyTimeoutMs: number;
  experimentRuns: number;
  registries: { npmUrl: string; pypiUrl: string };
  setup: SetupOptions;
  git: GitConfig;
  /** Servers that a release may reach; undefined: its commands reach none, its pushes by git reach every public server. */
  releaseHosts: readonly AllowedHost[] | undefined;
  disk: DiskConfig;
  notices: NoticesConfig;
}

/** Credentials, proxies and limits for git's access to other repositories. */
export interface GitConfig {
  access: GitAccess;
  fetchTimeoutMs: number;
}

export interface SandboxConfig {
  driver: SettingValues['SANDBOX'];
  uid: number | undefined;
  timeoutMs: number;
  limits: Pick<SandboxLimits, 'tmpBytes' | 'diskBytes'>;
  docker: { image: string | undefined; path: string; host: string | undefined };
}

/** Name, default and description of every setting, in the order of the documentation. */
export const SETTINGS = (Object.entries(SETTING_TABLE) as Array<[SettingName, Setting]>).map(([name, setting]) => ({
  name,
  default: setting.default,
  description: setting.description,
}));

export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const nonEmptyEnv = withoutEmpty(env);
  const values = parseSettings(nonEmptyEnv);
  refuseUnsafeSandbox(values);
  return {
    port: values.PORT,
    host: values.HOST,
    browsers: { host: values.HOST, allowedHosts: values.ALLOWED_HOSTS, origins: values.CORS_ORIGINS },
    rateLimitPerMinute: values.RATE_LIMIT_PER_MINUTE,
    access: readAccess(values),
    maxOpenBuilds: values.MAX_OPEN_BUILDS,
    projectCaps: readProjectCaps(values),
    dataDir: resolve(values.DATA_DIR),
    cacheDir: cacheDirOf(values),
    logLevel: values.LOG_LEVEL,
    logFormat: values.LOG_FORMAT,
    secrets: secretsIn(nonEmptyEnv),
    temporal: readTemporal(values, nonEmptyEnv),
    models: readModels(values),
    money: readMoney(values),
    repositoryRoots: (values.REPOSITORY_ROOTS ?? '')
      .split(delimiter)
      .filter(Boolean)
      .map((root) => resolve(root)),
    sandbox: {
      driver: values.SANDBOX,
      uid: values.SANDBOX_UID,
      timeoutMs: values.TEST_TIMEOUT_S * 1000,
      limits: { tmpBytes: values.SANDBOX_TMP_MB * MEGABYTE, diskBytes: values.SANDBOX_DISK_MB * MEGABYTE },
      docker: { image: values.SANDBOX_IMAGE, path: values.SANDBOX_DOCKER, host: values.DOCKER_HOST },
    },
    surveyTimeoutMs: values.SURVEY_TIMEOUT_S * 1000,
    experimentRuns: values.EXPERIMENT_RUNS,
    registries: { npmUrl: values.NPM_REGISTRY_URL, pypiUrl: values.PYPI_INDEX_URL },
    setup: readSetup(values, nonEmptyEnv),
    git: readGit(values, nonEmptyEnv),
    releaseHosts: values.RELEASE_HOSTS,
    disk: readDisk(values, nonEmptyEnv),
    notices: readNotices(values),
  };
}

/** Reads the settings of git; proxy variables are also read by their usual lower-case names. */
function readGit(values: SettingValues, env: Env): GitConfig {
  return {
    fetchTimeoutMs: values.GIT_FETCH_TIMEOUT_S * 1000,
    access: {
      credentialsFile: values.GIT_CREDENTIALS_FILE && resolve(values.GIT_CREDENTIALS_FILE),
      sshKeyFile: values.GIT_SSH_KEY_FILE && resolve(values.GIT_SSH_KEY_FILE),
      sshKnownHostsFile: values.GIT_SSH_KNOWN_HOSTS_FILE && resolve(values.GIT_SSH_KNOWN_HOSTS_FILE),
      hosts: values.GIT_HOSTS?.flatMap((host) =>
        host.port === undefined ? GIT_PORTS.map((port) => ({ ...host, port })) : host,
      ),
      sshAgent: values.SSH_AUTH_SOCK,
      httpsProxy: values.HTTPS_PROXY ?? env['https_proxy'],
      noProxy: values.NO_PROXY ?? env['no_proxy'],
      certificatesFile: values.SSL_CERT_FILE && resolve(values.SSL_CERT_FILE),
    },
  };
}

/** Reads DATA_DIR only, for programs that must work although another setting is wrong. */
export function readDataDir(env: NodeJS.ProcessEnv = process.env): string {
  return resolve(withoutEmpty(env)['DATA_DIR'] ?? SETTING_TABLE.DATA_DIR.default);
}

/**
 * Sets the folder of swc's native code where the user has no home. Without it swc would use the temporary folder, which may be
 * mounted noexec.
 */
export function keepNativeCode({ cacheDir }: Pick<Config, 'cacheDir'>): void {
  if (homeFolder() === undefined) process.env.SWC_NATIVE_BINDING_CACHE ??= cacheDir;
}

/**
 * Removes variables that child processes do not need from this process's environment, after the settings are read. Commands of a
 * build get an environment of their own anyway; this protects other children, also those that a library starts.
 */
export function narrowEnvironment(): void {
  const table: Record<string, Setting | undefined> = SETTING_TABLE;
  const isPublicSetting = (name: string) => Object.hasOwn(table, name) && !table[name]?.secret;
  for (const name of Object.keys(process.env))
    if (!isForChildren(name) && !isPublicSetting(name) && !LIBRARY_VARIABLES.test(name)) delete process.env[name];
}
/** Variables that node, its test runner and libraries in this process read later. */
const LIBRARY_VARIABLES = /^(?:NODE_\w+|JEST_\w+|TSX_\w+|GOOGLE_CLOUD_\w+|DISPLAY)$/;

/** Reads the settings for a program with values of its own: the environment overrides `defaults`, and `fixed` overrides it. */
export function readConfigWith({ defaults, fixed }: { defaults: Env; fixed: Env }): Config {
  return readConfig({ ...defaults, ...withoutEmpty(process.env), ...fixed });
}

type Env = Record<string, string>;

/** An empty variable counts as unset: compose files and shells pass unset variables as empty ones. */
function withoutEmpty(env: NodeJS.ProcessEnv): Env {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== '')) as Env;
}

function parseSettings(env: Env): SettingValues {
  const entries = (Object.entries(SETTING_TABLE) as Array<[SettingName, Setting]>).map(([name, setting]) => {
    const value = env[name] ?? setting.default;
    if (value === undefined) return [name, undefined];
    const parsed = setting.schema.safeParse(value);
    if (parsed.success) return [name, parsed.data];
    throw new ConfigError(`${name}="${setting.secret ? '(hidden)' : value}" is wrong: it must be ${setting.rightForm}`);
  });
  return Object.fromEntries(entries) as SettingValues;
}

/** Gives the secret values of settings; of an address with a login also the password by itself. */
function secretsIn(env: Env): string[] {
  const secret = (Object.entries(SETTING_TABLE) as Array<[SettingName, Setting]>).filter(
    ([, setting]) => setting.secret,
  );
  const values = secret.flatMap(([name]) => env[name] ?? []);
  const passwords = values.flatMap((value) => /^\w+:\/\/[^/:@]*:([^@/]+)@/.exec(value)?.[1] ?? []);
  return [...values, ...passwords];
}

function refuseUnsafeSandbox({ SANDBOX, SANDBOX_IMAGE, ALLOW_NO_SANDBOX, NODE_ENV }: SettingValues): void {
  if (SANDBOX === 'docker' && SANDBOX_IMAGE === undefined)
    throw new ConfigError('SANDBOX="docker" is wrong: it needs SANDBOX_IMAGE, which is not set');
  if (SANDBOX !== 'none' || ALLOW_NO_SANDBOX === '1' || NODE_ENV === 'development') return;
  throw new ConfigError('SANDBOX="none" is wrong: it also needs NODE_ENV=development or ALLOW_NO_SANDBOX=1');
}

function readSetup(values: SettingValues, env: Env): SetupOptions {
  return {
    timeoutMs: values.SETUP_TIMEOUT_S * 1000,
    hosts: values.SETUP_HOSTS,
    worker: { env: childEnvironment(env), home: env['HOME'] ?? homeFolder() ?? '/' },
    envFile: values.SETUP_ENV_FILE === undefined ? undefined : resolve(values.SETUP_ENV_FILE),
    homeFolder: values.SETUP_HOME === undefined ? undefined : resolve(values.SETUP_HOME),
    cacheBytes: values.PACKAGE_CACHE_MB * MEGABYTE,
    allowsScripts: values.INSTALL_SCRIPTS === '1',
  };
}
