/** The container setup, as far as it can be checked without a container engine. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { createCommand } from '../src/adapters/temporal/search-attributes';
import { SERVER_SETTINGS } from '../src/adapters/temporal/server-flags';
import { runToken } from '../src/programs/cli/token';
import { readConfig, SETTINGS } from '../src/programs/config';
import { createApiAccess } from '../src/programs/wiring';
import { SEARCH_ATTRIBUTES, type SearchAttributeName } from '../src/workflows/attributes';

interface Service {
  image: string;
  environment?: Record<string, string>;
  ports?: string[];
  healthcheck?: { test?: string[]; disable?: boolean };
  depends_on?: Record<string, { condition: string }>;
  entrypoint?: string[];
  command?: string[];
  volumes?: string[];
  extra_hosts?: string[];
  secrets?: string[];
}

const root = join(__dirname, '..');
const readText = (file: string) => readFileSync(join(root, file), 'utf8');
const compose = parse(readText('docker-compose.yml'), { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
  secrets: Record<string, unknown>;
};
const services = Object.entries(compose.services);
const ownSettings = SETTINGS.map(({ name }) => name as string);

/** Settings that the images of other projects read. */
const THIRD_PARTY = [
  ...['POSTGRES_USER', 'POSTGRES_PASSWORD', 'DB', 'DB_PORT', 'POSTGRES_SEEDS', 'POSTGRES_PWD', 'SQL_PASSWORD'],
  ...['BIND_ON_IP', 'NUM_HISTORY_SHARDS', 'DYNAMIC_CONFIG_FILE_PATH', 'TEMPORAL_CODEC_ENDPOINT'],
];

/** Settings that docker-compose.yml itself reads. */
const READ_BY_COMPOSE = ['REPOSITORIES'];

test.each(services)('%s runs an image that is pinned to a full version', (_, { image }) => {
  expect(image).toMatch(/^[\w./-]+:\d+\.\d+(\.\d+)?(-\w+)?$/);
  expect(image).not.toContain('auto-setup');
});

test.each(services.flatMap(([name, { ports = [] }]) => ports.map((port) => [name, port])))(
  '%s is published on the loopback only: %s',
  (_, port) => expect(port).toMatch(/^127\.0\.0\.1:/),
);

test('each service that keeps running has a health check, its own or that of its image', () => {
  expect(readText('Dockerfile')).toContain('/healthz');
  for (const [name, service] of services) {
    if (name.startsWith('setup-') || name === 'api') continue;
    expect([name, service.healthcheck?.test?.[0]]).toEqual([name, 'CMD']);
  }
});

test('each service waits for what it needs: database, tables, server, namespace', () => {
  const dependenciesOf = (name: string) => compose.services[name]?.depends_on;
  expect(dependenciesOf('setup-schema')).toEqual({ postgres: { condition: 'service_healthy' } });
  expect(dependenciesOf('temporal')).toEqual({ 'setup-schema': { condition: 'service_completed_successfully' } });
  expect(dependenciesOf('setup-namespace')).toEqual({ temporal: { condition: 'service_healthy' } });
  const success = { condition: 'service_completed_successfully' };
  expect(dependenciesOf('worker')).toEqual({ 'setup-namespace': success });
  expect(dependenciesOf('api')).toEqual({ 'setup-namespace': success, 'setup-token': success });
});

test.each(services)('every setting of %s is one that a program reads', (_, { environment = {} }) => {
  for (const name of Object.keys(environment))
    expect([...ownSettings, ...THIRD_PARTY, ...READ_BY_COMPOSE]).toContain(name);
});

test('every setting of .env.example is read by a program, an image or compose, and the file is a valid configuration', () => {
  const lines = [...readText('.env.example').matchAll(/^(# )?([A-Z][A-Z0-9_]*)=(.*)$/gm)];
  expect(lines.length).toBeGreaterThan(3);
  for (const [, , name] of lines) expect([...ownSettings, ...THIRD_PARTY, ...READ_BY_COMPOSE]).toContain(name);
  const active = lines.filter(([, comment]) => !comment).map(([, , name, value]) => [name, value]);
  const { models } = readConfig(Object.fromEntries(active) as NodeJS.ProcessEnv);
  expect(Object.values(models.chains)).toEqual(
    Array(5).fill([{ provider: 'scripted', id: 'examples/dark-mode/script.json' }]),
  );
  expect(existsSync(join(root, 'examples/dark-mode/script.json'))).toBe(true);
});

test('API and worker share the volume of artifacts and start from compiled programs that have a source', () => {
  for (const name of ['api', 'worker']) {
    const { volumes, command = [] } = compose.services[name]!;
    expect(volumes).toContain('data:/data');
    const program = command.at(-1)!.replace(/^dist(.*)\.js$/, 'src$1.ts');
    expect([program, existsSync(join(root, program))]).toEqual([program, true]);
  }
  expect(Object.keys(compose.volumes)).toEqual(['postgres', 'data']);
});

/** The environment of a service as compose fills it in if .env sets nothing. */
const environmentOf = (name: string) =>
  Object.fromEntries(
    Object.entries(compose.services[name]?.environment ?? {}).map(([key, value]) => [
      key,
      value.replace(/\$\{\w+:[-+][^}]*\}/, ''),
    ]),
  ) as NodeJS.ProcessEnv;

test('before the API starts, a service writes the first token into the volume, with arguments that the program accepts', async () => {
  const { command = [], volumes, environment, ...service } = compose.services['setup-token']!;
  expect(service.depends_on).toEqual({});
  expect(service.healthcheck).toEqual({ disable: true });
  expect(volumes).toContain('data:/data');
  const [program, source, subcommand, ...args] = command;
  expect([program, source, subcommand]).toEqual(['node', 'dist/programs/cli/main.js', 'token']);
  expect(existsSync(join(root, 'src/programs/cli/main.ts'))).toBe(true);
  const dataDir = mkdtempSync(join(tmpdir(), 'q-test-compose-'));
  try {
    const localArgs = args.map((arg) => arg.replace(String(environment?.DATA_DIR), dataDir));
    expect(await runToken(localArgs, dataDir)).toMatchObject({ exitCode: 0, out: '' });
    const secret = readFileSync(join(dataDir, 'admin-token'), 'utf8').trim();
    // The API in its container listens on HOST=0.0.0.0, so that it asks for a token.
    const { access } = readConfig({ ...environmentOf('api'), TEMPORAL_CONFIG_FILE: '/nowhere' });
    const apiAccess = createApiAccess({ access, dataDir, setup: readConfig({}).setup }, { warn: () => undefined });
    expect(await apiAccess.identify(null)).toEqual({ kind: 'missing' });
    expect(await apiAccess.identify(secret)).toMatchObject({
      kind: 'caller',
      caller: { name: 'admin', rights: ['admin'] },
    });
    // A second start finds the token and keeps it.
    expect(await runToken(localArgs, dataDir)).toMatchObject({ exitCode: 0 });
    expect(readFileSync(join(dataDir, 'admin-token'), 'utf8').trim()).toBe(secret);
  } finally {
    rmSync(dataDir, { recursive: true });
  }
  expect(readText('README.md')).toContain('docker compose exec api cat /data/admin-token');
});

test.each(services.filter(([, { entrypoint }]) => entrypoint))(
  'the script of %s exists and is valid shell',
  (_, service) => {
    const script = service.entrypoint!.at(-1)!.replace(/^\//, '');
    execFileSync('sh', ['-n', join(root, script)]);
  },
);

test('every file that the image copies exists and is in the build context', () => {
  const copied = [...readText('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names]) =>
    names!.split(' '),
  );
  expect(copied).toEqual(
    expect.arrayContaining(['src', 'prompts', 'reporters', 'sandbox-programs', 'examples', 'deploy']),
  );
  for (const name of copied) {
    expect([name, existsSync(join(root, name))]).toEqual([name, true]);
    expect(readText('.dockerignore').split('\n')).toContain(`!${name}`);
  }
});

test('S3: only the program in front of the Web UI is published, not the Web UI itself', () => {
  const { ui, 'ui-front': front } = compose.services;
  expect(ui?.ports).toBeUndefined();
  expect(front?.environment).toMatchObject({ TEMPORAL_UI_UPSTREAM: 'ui:8080', HOST: '0.0.0.0', PORT: '8233' });
  expect(existsSync(join(root, front!.command!.at(-1)!.replace(/^dist(.*)\.js$/, 'src$1.ts')))).toBe(true);
  const { temporal, browsers } = readConfig(environmentOf('ui-front'));
  expect(temporal.uiUpstream).toEqual({ host: 'ui', port: 8080 });
  expect(browsers).toEqual({ host: '0.0.0.0', allowedHosts: [], origins: [] });
  // The other containers call the API by this name.
  expect(readConfig(environmentOf('api')).browsers.allowedHosts).toEqual([{ host: 'api' }]);
});

test('the namespace job registers the search attributes of the code', () => {
  const script = readText('deploy/setup-namespace.sh').replaceAll(/\\\n\s*/g, '');
  const names = Object.keys(SEARCH_ATTRIBUTES) as SearchAttributeName[];
  expect(script).toContain(createCommand(names, '"$TEMPORAL_NAMESPACE"'));
});

test('the server of the containers has the settings of the embedded one', () => {
  const dynamic = parse(readText('deploy/dynamicconfig.yaml')) as Record<string, Array<{ value: number | boolean }>>;
  expect(Object.fromEntries(Object.entries(dynamic).map(([name, [first]]) => [name, first?.value]))).toEqual(
    SERVER_SETTINGS,
  );
});

test('O11: a model server of the host is reached by a name, and the example says so', () => {
  for (const name of ['api', 'worker'])
    expect(compose.services[name]?.extra_hosts).toEqual(['host.docker.internal:host-gateway']);
  expect(readText('.env.example')).toMatch(/^# COMPATIBLE_BASE_URL=http:\/\/host\.docker\.internal:/m);
  expect(readText('.env.example')).not.toContain('127.0.0.1:11434');
});

test('O11: repositories of the host are mounted where API and worker allow them', () => {
  for (const name of ['api', 'worker']) {
    const { volumes, environment } = compose.services[name]!;
    expect(volumes).toContain('${REPOSITORIES:-./examples}:/repositories');
    expect(environment?.REPOSITORY_ROOTS).toBe('/repositories');
  }
});

test('O11: only the worker has the logins of private repositories, as secrets that are empty if .env names no file', () => {
  const { worker, ...others } = compose.services;
  const logins = ['git_credentials', 'git_ssh_key', 'git_ssh_known_hosts'];
  for (const [name, secret] of [
    ['GIT_CREDENTIALS_FILE', 'git_credentials'],
    ['GIT_SSH_KEY_FILE', 'git_ssh_key'],
    ['GIT_SSH_KNOWN_HOSTS_FILE', 'git_ssh_known_hosts'],
  ] as const) {
    expect(worker?.secrets).toContain(secret);
    expect(worker?.environment?.[name]).toBe(`\${${name}:+/run/secrets/${secret}}`);
    expect(compose.secrets[secret]).toEqual({ file: `\${${name}:-/dev/null}` });
  }
  for (const { secrets = [] } of Object.values(others))
    expect(secrets.filter((one) => logins.includes(one))).toEqual([]);
});

test('S17: worker and API have the payload keys, and the Web UI asks the API to decrypt', () => {
  const { worker, api, ui, ...others } = compose.services;
  for (const service of [worker, api]) {
    expect(service?.secrets).toContain('payload_keys');
    expect(service?.environment?.PAYLOAD_KEYS_FILE).toBe('${PAYLOAD_KEYS_FILE:+/run/secrets/payload_keys}');
  }
  for (const { secrets = [] } of [ui!, ...Object.values(others)]) expect(secrets).toEqual([]);
  expect(ui?.environment?.TEMPORAL_CODEC_ENDPOINT).toBe('http://127.0.0.1:${PORT:-8000}/codec');
  expect(api?.ports).toEqual(['127.0.0.1:${PORT:-8000}:8000']);
});

test('O11: the image has a supported Node and the toolchains of usual builds', () => {
  const image = readText('Dockerfile');
  const versions = [...image.matchAll(/^FROM node:(\d+)\.\d+\.\d+-bookworm-slim/gm)].map(([, major]) => major);
  expect(versions).toEqual(['24', '24']);
  for (const name of [
    'git',
    'openssh-client',
    'python3',
    'python3-pip',
    'python3-venv',
    'build-essential',
    'bubblewrap',
  ])
    expect(image).toMatch(new RegExp(`^\\s+.*\\b${name}\\b`, 'm'));
});
