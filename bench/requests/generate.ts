/**
 * Generates invalid and nearly valid requests: any method, route, id, header and body. The same seed gives the same requests.
 */
import * as fc from 'fast-check';
import { COMMAND_NAMES } from '../../src/domain/commands';
import { PHASES, ROLES } from '../../src/domain/roles';
import { STATES } from '../../src/domain/states';

export interface Generated {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** Workflow ids of builds that exist, and their projects. */
export interface ExistingBuilds {
  builds: string[];
  projects: string[];
}

const METHODS = ['GET', 'POST', 'PATCH', 'PUT', 'DELETE', 'OPTIONS', 'HEAD'];
const ROUTES = [
  ...[
    '/api/workflows',
    '/api/workflows/:build/status',
    '/api/workflows/:build/history',
    '/api/workflows/:build/events',
  ],
  ...['/api/workflows/:build/approvals', '/api/workflows/:build/evidence', '/api/workflows/:build/record'],
  ...['/api/workflows/:build/prompt', '/api/workflows/:build/request', '/api/workflows/:build/artifacts/:digest'],
  ...['/api/workflows/project/:project/stats', '/api/projects/:project/releases', '/git/:project.git/info/refs'],
  ...['/api/projects/:project/releases/:number/restore', '/api/workflows/:project/check', '/healthz', '/readyz', '/'],
  ...['/api/workflows/:project/start', ...COMMAND_NAMES.map((name) => `/api/workflows/:build/${name}`)],
  ...['/api/workflows/:build/request-retry', '/:odd', '/api/:odd', '/api/workflows/:odd', '/api/workflows/:build/:odd'],
];

const oddText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom(
    '..',
    '%00',
    '%2e%2e%2f',
    '__proto__',
    'constructor',
    'project',
    "'; --",
    'a'.repeat(300),
    '\u202e',
    '.',
  ),
);
const json = fc.jsonValue({ maxDepth: 4 });

export function requests(known: ExistingBuilds, { seed, count }: { seed: number; count: number }): Generated[] {
  return fc.sample(requestOf(known), { seed, numRuns: count });
}

function requestOf({ builds, projects }: ExistingBuilds): fc.Arbitrary<Generated> {
  const project = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...projects) },
    { weight: 1, arbitrary: fc.constantFrom('nobody', 'no-such-project') },
    { weight: 1, arbitrary: oddText },
  );
  const build = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...builds) },
    { weight: 1, arbitrary: fc.constantFrom('shop.none', 'none.none', 'shop') },
    { weight: 1, arbitrary: fc.tuple(oddText, oddText).map((parts) => parts.join('.')) },
  );
  const digest = fc.oneof(fc.stringMatching(/^sha256:[0-9a-f]{64}$/), oddText);
  const number = fc.oneof(fc.integer().map(String), oddText);
  const filled = fc
    .record({ route: fc.constantFrom(...ROUTES), project, build, digest, number, odd: oddText })
    .map(({ route, ...given }) =>
      route.replaceAll(/:(project|build|digest|number|odd)/g, (_, name: keyof typeof given) => escaped(given[name])),
    );
  const query = fc.oneof(
    { weight: 3, arbitrary: fc.constant('') },
    {
      weight: 1,
      arbitrary: fc.constantFrom('?limit=5', '?limit=-1', '?status=error', '?service=git-upload-pack', '?cursor=x'),
    },
    { weight: 1, arbitrary: fc.tuple(oddText, oddText).map(([a, b]) => `?${escaped(a)}=${escaped(b)}`) },
  );
  return fc.record({
    method: fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom('GET', 'POST') },
      { weight: 1, arbitrary: fc.constantFrom(...METHODS) },
    ),
    path: fc.tuple(filled, query).map((parts) => parts.join('').replace(/^\/+/, '/')),
    headers,
    body,
  });
}

/** Encodes a text for an address, without lone surrogates, and cuts it, so that it may end in half of an escape. */
const escaped = (text: string): string => encodeURIComponent(text.replaceAll(/[\ud800-\udfff]/g, '')).slice(0, 600);

const headers = fc
  .record(
    {
      'content-type': fc.constantFrom(
        'application/json',
        'application/json; charset=utf-8',
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data',
      ),
      'idempotency-key': fc.oneof(fc.uuid(), fc.constantFrom('k', 'x'.repeat(300), '')),
      'x-actor': fc.constantFrom('ada', 'x'.repeat(500), '<b>', 'a b'),
      'x-request-id': fc.constantFrom('id', 'x'.repeat(100), '../'),
      'content-encoding': fc.constantFrom('gzip', 'br', 'identity', 'nonsense'),
      accept: fc.constantFrom('text/html', '*/*', 'application/json', 'x/y;q=z'),
      'if-match': fc.constantFrom('"3"', '*', 'W/'),
      range: fc.constantFrom('bytes=0-', 'bytes=9-1'),
    },
    { requiredKeys: [] },
  )
  .map((given) => ({ 'content-type': 'application/json', ...given }) as Record<string, string>);

const command = fc.record(
  {
    role: fc.oneof(fc.constantFrom(...ROLES), json),
    completed_state: fc.oneof(fc.constantFrom(...STATES), json),
    next_state: fc.oneof(fc.constantFrom(...STATES), json),
    target_state: fc.oneof(fc.constantFrom(...PHASES), json),
    phase_result: json,
    reason: fc.oneof(fc.string({ maxLength: 200 }), json),
    gate: fc.oneof(fc.constantFrom('tampering', 'size'), json),
    digest: fc.oneof(fc.stringMatching(/^sha256:[0-9a-f]{64}$/), json),
    answers: json,
    expected_revision: fc.oneof(fc.integer(), json),
    requirements: fc.oneof(fc.string({ maxLength: 300 }), json),
  },
  { requiredKeys: [] },
);
const start = fc.record(
  {
    build_id: fc.oneof(fc.constantFrom('b1', 'b2', 'b3'), fc.stringMatching(/^[a-z]{1,8}$/), oddText),
    user_id: fc.oneof(fc.constantFrom('ada'), json),
    requirements: fc.oneof(fc.string({ minLength: 1, maxLength: 200 }), json),
    metadata: json,
    options: json,
    repository: fc.oneof(
      fc.record({ path: oddText }),
      fc.record({ url: fc.constantFrom('http://127.0.0.1/x', 'file:///etc', 'ext::sh') }),
      json,
    ),
    attachments: json,
    roles: json,
  },
  { requiredKeys: ['user_id', 'requirements'] },
);
const body = fc.oneof(
  { weight: 5, arbitrary: command.map((value) => JSON.stringify(value)) },
  { weight: 2, arbitrary: start.map((value) => JSON.stringify(value)) },
  { weight: 2, arbitrary: json.map((value) => JSON.stringify(value)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', '{', '[[[[', '{"a":1e999}', '"\\ud800"', '{"__proto__":{"x":1}}', '['.repeat(5_000)),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 300_000 }).map((size) => JSON.stringify({ reason: 'x'.repeat(size) })),
  },
);
