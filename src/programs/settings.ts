/**
 * The table of all settings: name, schema, right form, default and description.
 *
 * Only config.ts reads values. A test compares README and .env.example with this table.
 */
import { z } from 'zod';
import { readHostName } from '../domain/web-callers';
import type { HostName } from '../domain/web-callers';
import { ACCESS } from './access-settings';
import { MONEY } from './budget-settings';
import { MODELS, ROLE_MODELS, STRONGER_MODELS } from './model-settings';
import { NOTICES } from './notice-settings';
import { PROJECT_BUDGETS } from './project-settings';
import { folder, hostList, listOf, number, oneOf, readOrigin, secret, text, url } from './setting-forms';
import type { Setting } from './setting-forms';

const HOST_AND_PORT = /^[^\s/:]+:\d+$|^\[[^\]]+\]:\d+$/;

const SERVER = {
  PORT: { ...number(0, 65_535), default: '8000', description: 'Port of the HTTP API; 0 takes a free one.' },
  HOST: { ...text, default: '127.0.0.1', description: 'Address that the HTTP API listens on.' },
  ALLOWED_HOSTS: {
    schema: listOf((entry): HostName | undefined => readHostName(entry)),
    rightForm: 'names with commas between, each host or host:port',
    default: '',
    description:
      'Names by which browsers and clients may reach API and Web UI beside its own, such as that of a proxy before it.',
  },
  CORS_ORIGINS: {
    schema: listOf(readOrigin),
    rightForm: 'origins with commas between, each http://host, https://host or with a port, and nothing behind it',
    default: '',
    description: 'Origins of web pages that may read and command builds from a browser; without one, none may.',
  },
  RATE_LIMIT_PER_MINUTE: {
    ...number(1, 1_000_000),
    description:
      'Most requests a minute with one token, or from one address without; without the setting, as many as come.',
  },
  ...ACCESS,
  MAX_OPEN_BUILDS: {
    ...number(1, 1_000_000),
    default: '500',
    description: 'Most open builds of one project; a start above it is refused.',
  },
  DATA_DIR: {
    ...folder,
    default: '.q-orchestrator',
    description: 'Artifacts, workspaces, releases, embedded database.',
  },
  LOG_LEVEL: {
    ...oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'),
    default: 'info',
    description: 'How much is logged: builds from `info` on, requests to the API from `debug` on.',
  },
  LOG_FORMAT: {
    ...oneOf('text', 'json'),
    default: 'text',
    description: 'One line of plain words an event, or one JSON object.',
  },
} as const;

const TEMPORAL = {
  TEMPORAL_ADDRESS: {
    schema: z.string().regex(HOST_AND_PORT),
    rightForm: '<host>:<port>',
    description: 'The Temporal server; without one, `npm start` brings its own.',
  },
  TEMPORAL_NAMESPACE: { ...text, default: 'default', description: 'Namespace on that server.' },
  TEMPORAL_API_KEY: { ...secret, description: 'API key, for Temporal Cloud.' },
  PAYLOAD_KEYS_FILE: {
    ...text,
    description:
      'Keys that encrypt what Temporal stores of builds (AES-256-GCM), one `<id> <base64 of 32 bytes>` a line: the first encrypts, all decrypt.',
  },
  TEMPORAL_TASK_QUEUE: { ...text, default: 'q-orchestrator', description: 'Task queue of workflow and activities.' },
  TEMPORAL_CLI_PATH: { ...text, description: 'The `temporal` executable for the embedded server.' },
  TEMPORAL_PROFILE: { ...text, description: 'Profile in the Temporal configuration file.' },
  TEMPORAL_CONFIG_FILE: { ...text, description: 'The Temporal configuration file.' },
  TEMPORAL_TLS: { ...oneOf('true', 'false', '1', '0'), description: 'TLS on or off.' },
  TEMPORAL_TLS_CLIENT_CERT_PATH: { ...text, description: 'Client certificate, a file.' },
  TEMPORAL_TLS_CLIENT_CERT_DATA: { ...secret, description: 'Client certificate, its text.' },
  TEMPORAL_TLS_CLIENT_KEY_PATH: { ...text, description: 'Key of the client certificate, a file.' },
  TEMPORAL_TLS_CLIENT_KEY_DATA: { ...secret, description: 'Key of the client certificate, its text.' },
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: { ...text, description: 'Certificate authority of the server, a file.' },
  TEMPORAL_TLS_SERVER_CA_CERT_DATA: { ...secret, description: 'Certificate authority of the server, its text.' },
  TEMPORAL_TLS_SERVER_NAME: { ...text, description: 'Server name to expect in its certificate.' },
  TEMPORAL_UI_URL: {
    ...url,
    description: "The Web UI of that server, for links to it; the embedded server's is known.",
  },
  TEMPORAL_UI_UPSTREAM: {
    schema: z.string().regex(HOST_AND_PORT),
    rightForm: '<host>:<port>',
    description: 'Where that Web UI listens, for `npm run ui`, which keeps pages of other origins out of it.',
  },
  MAX_CACHED_WORKFLOWS: {
    ...number(1, 100_000),
    default: '1000',
    description: 'Open builds a worker keeps in memory.',
  },
} as const;

/** Settings of git's access to other repositories. */
const GIT = {
  GIT_CREDENTIALS_FILE: {
    ...text,
    description:
      'Tokens for repositories by https, one `https://<user>:<token>@<host>` a line, as `git credential-store` has them.',
  },
  GIT_SSH_KEY_FILE: { ...text, description: 'Private key for repositories by ssh.' },
  GIT_SSH_KNOWN_HOSTS_FILE: {
    ...text,
    description: 'Host keys of ssh servers; without it, those that the user of the worker knows.',
  },
  SSH_AUTH_SOCK: { ...text, description: 'Socket of an ssh agent, for repositories by ssh.' },
  GIT_FETCH_TIMEOUT_S: {
    ...number(1, 86_400),
    default: '600',
    description: 'Longest time for fetching one repository.',
  },
  GIT_HOSTS: {
    ...hostList,
    description:
      'Servers of repositories that may have a private address, beside those of GIT_CREDENTIALS_FILE: names in full. Without a port: 443 and 22.',
  },
  HTTPS_PROXY: { ...secret, description: 'Proxy by which repositories are reached over https.' },
  NO_PROXY: { ...text, description: 'Hosts that are reached without the proxy, with commas between.' },
  SSL_CERT_FILE: { ...text, description: 'Certificate authorities that git trusts in place of its own, a PEM file.' },
} as const;

const WORK = {
  REPOSITORY_ROOTS: { ...text, description: 'Folders, with colons between, below which `repository.path` may lie.' },
  SANDBOX: {
    ...oneOf('bubblewrap', 'docker', 'none'),
    default: 'bubblewrap',
    description: 'What holds the commands of a build; `none` only with NODE_ENV=development or ALLOW_NO_SANDBOX=1.',
  },
  ALLOW_NO_SANDBOX: {
    ...oneOf('1', '0'),
    description: 'Allows SANDBOX=none: commands of a build may do what you may.',
  },
  NODE_ENV: { ...text, description: '`development` allows SANDBOX=none.' },
  SANDBOX_UID: {
    ...number(1, 4_294_967_294),
    description: 'First of 256 user ids of sandboxed commands, one a run, where the worker runs as root.',
  },
  SANDBOX_IMAGE: { ...text, description: 'Image with the toolchain of the builds, for SANDBOX=docker; never pulled.' },
  SANDBOX_DOCKER: { ...text, default: '/usr/bin/docker', description: 'The docker program, for SANDBOX=docker.' },
  DOCKER_HOST: { ...text, description: 'Where the docker daemon listens, for SANDBOX=docker.' },
  TEST_TIMEOUT_S: { ...number(1, 86_400), default: '600', description: 'Longest time for one command of a build.' },
  EXPERIMENT_RUNS: { ...number(0, 500), default: '40', description: 'Most runs with something broken; 0: none.' },
  SETUP_TIMEOUT_S: { ...number(1, 86_400), default: '1800', description: 'Longest time for one install step.' },
  SETUP_HOSTS: {
    ...hostList,
    default: [
      ...['registry.npmjs.org', 'registry.yarnpkg.com', 'repo.yarnpkg.com', 'pypi.org', 'files.pythonhosted.org'],
      ...['proxy.golang.org', 'sum.golang.org', 'index.crates.io', 'static.crates.io', 'crates.io'],
      ...['repo.maven.apache.org', 'repo1.maven.org', 'plugins.gradle.org', 'plugins-artifacts.gradle.org'],
      ...['services.gradle.org', 'downloads.gradle.org'],
    ].join(','),
    description:
      'Servers that install steps may reach, beside those that the configuration of the package managers names. A full name may lead to a private address, also where an LFS server names it for its objects.',
  },
  RELEASE_HOSTS: {
    ...hostList,
    description:
      'Servers that the commands of a release with `network` may reach, and then the only ones that it pushes to by git; without it the commands reach none, and git every public one. Without a port: 443 and 80; name 22 for ssh.',
  },
  SETUP_ENV_FILE: { ...text, description: 'A file of NAME=value lines that only install steps see, for secrets.' },
  SETUP_HOME: {
    ...folder,
    description: 'A folder whose files (.npmrc, .netrc, .ssh) lie in the home folder of install steps, and only there.',
  },
  INSTALL_SCRIPTS: {
    ...oneOf('1', '0'),
    default: '0',
    description: 'Lets install scripts of npm packages run, in the sandbox.',
  },
  SANDBOX_TMP_MB: { ...number(16, 1_000_000), default: '256', description: 'Size of /tmp of a command, in memory.' },
  SANDBOX_DISK_MB: { ...number(64, 10_000_000), default: '2048', description: 'What a command may write to disk.' },
  PACKAGE_CACHE_MB: {
    ...number(100, 10_000_000),
    default: '20000',
    description:
      'What installed packages and compiled code may take on disk between builds; what no build has used for longest goes first.',
  },
  KEEP_DAYS: {
    ...number(1, 36_500),
    default: '30',
    description: 'How long what nothing names any more, and the code of cancelled builds, is kept on disk.',
  },
  KEEP_RELEASES: {
    ...number(1, 100_000),
    default: '20',
    description: 'Copies of releases that are kept in a project, beside the live one and its way back.',
  },
  RECLAIM_HOURS: {
    ...number(0, 8_760),
    default: '24',
    description: 'How often a worker looks for what can be removed from DATA_DIR; 0: only `npx qo reclaim` does.',
  },
  PROJECT_DISK_MB: {
    ...number(1, 1_000_000_000),
    description: 'Most that repository and releases of a project may take on disk for a start to be taken.',
  },
  SURVEY_TIMEOUT_S: {
    ...number(1, 86_400),
    default: '1200',
    description:
      'Longest time in which a repository is made ready and its own tests are run before a role is asked; past it the build goes on, and the repository report says what is missing.',
  },
  NPM_REGISTRY_URL: {
    ...url,
    default: 'https://registry.npmjs.org',
    description: 'npm registry that new dependencies of a build are looked up in.',
  },
  PYPI_INDEX_URL: {
    ...url,
    default: 'https://pypi.org/simple',
    description: 'Python package index (its simple form) that new dependencies of a build are looked up in.',
  },
  XDG_CACHE_HOME: {
    ...folder,
    description: 'Where the embedded server, bubblewrap and the bundled workflow code are kept; `~/.cache` without it.',
  },
} as const;

const MODEL_TABLE = { ...MODELS, ...ROLE_MODELS, ...STRONGER_MODELS };
const MONEY_TABLE = { ...PROJECT_BUDGETS, ...MONEY };
export const SETTING_TABLE = { ...SERVER, ...TEMPORAL, ...MODEL_TABLE, ...MONEY_TABLE, ...GIT, ...NOTICES, ...WORK };
export type SettingName = keyof typeof SETTING_TABLE;

type Value<S extends Setting> = S extends { default: string }
  ? z.output<S['schema']>
  : z.output<S['schema']> | undefined;
export type SettingValues = { [N in SettingName]: Value<(typeof SETTING_TABLE)[N]> };
