/**
 * Changes of set-up files that neither the request nor the plan mentions are found; changes that come with the code are
 * not.
 */
import { API, COMPOSE, CLUSTER, IMAGE, NGINX, TILL, findingsIn } from './set-up-trees';

const DENY = '[sources]\nunknown-registry = "deny"\n';
const CHECK = '#!/bin/sh\nset -e\ngo vet ./...\ngo test ./...\n';
const PIPELINE = { '.gitlab-ci.yml': 'test:\n  script:\n    - sh ci/check.sh\n' };
const OWNERS = '* @till/team\n/src/ @till/team @till/security\n';
const ORDERS = { 'migrations/1.sql': 'CREATE TABLE orders (id INTEGER);\n' };
const TRIGGER = 'CREATE TRIGGER paid AFTER INSERT ON orders\nBEGIN\n  UPDATE orders SET paid = 0;\nEND;\n';

test.each<[string, Record<string, string>, Record<string, string | null>]>([
  ['a step of an image', { Dockerfile: IMAGE }, { Dockerfile: `${IMAGE}RUN node src/build.js\n` }],
  ['a directive for docker', { Dockerfile: IMAGE }, { Dockerfile: `# syntax=other/frontend\n${IMAGE}` }],
  ['a second image', { Dockerfile: IMAGE }, { 'Dockerfile.live': IMAGE }],
  [
    'a switch of a compose file',
    { 'compose.yaml': COMPOSE },
    { 'compose.yaml': `${COMPOSE}      TILL_DISCOUNT: "off"\n` },
  ],
  ['a compose file that is taken in by its name', { 'compose.yaml': COMPOSE }, { 'compose.override.yaml': COMPOSE }],
  [
    'a mount of a cluster',
    { 'deploy/till.yaml': CLUSTER },
    { 'deploy/till.yaml': `${CLUSTER}      volumes:\n        - name: rules\n` },
  ],
  ['a cache of a proxy', { 'nginx.conf': NGINX }, { 'nginx.conf': NGINX.replace('}', '  proxy_cache till;\n}') }],
  ['a rule of Caddy', { Caddyfile: 'till.example {\n}\n' }, { Caddyfile: 'till.example {\n  respond /pay 0\n}\n' }],
  ['a policy of packages', { 'deny.toml': DENY }, { 'deny.toml': DENY.replace('deny', 'allow') }],
  ['a policy that is gone', { 'deny.toml': DENY }, { 'deny.toml': null }],
  ['a new list of what is not audited', {}, { '.trivyignore': 'CVE-2024-1\n' }],
  [
    'a bot that leaves a package out',
    { 'renovate.json': '{\n  "extends": ["a"]\n}\n' },
    { 'renovate.json': '{\n  "extends": ["a"],\n  "ignoreDeps": [\n    "express"\n  ]\n}\n' },
  ],
  [
    'a script of the pipeline',
    { ...PIPELINE, 'ci/check.sh': CHECK },
    { 'ci/check.sh': CHECK.replace('go test ./...', 'go test ./... 2>&1 | tee log') },
  ],
  [
    'a script of the pipeline with the name of a test',
    PIPELINE,
    { 'ci/test_all.sh': 'exit 0\n', 'ci/check.sh': 'sh ci/test_all.sh\n' },
  ],
  [
    'a step that a script no longer takes',
    { ...PIPELINE, 'ci/check.sh': CHECK },
    { 'ci/check.sh': CHECK.replace('go test ./...\n', '') },
  ],
  [
    'a file that make takes in',
    { Makefile: 'test:\n\tcheck\n-include config.mk\n' },
    { 'config.mk': 'ifdef CI\n.IGNORE:\nendif\n' },
  ],
  ['terraform', { 'main.tf': 'resource "a" "b" {\n}\n' }, { 'main.tf': 'resource "a" "b" {\n  count = 0\n}\n' }],
  [
    'a unit',
    { 'till.service': '[Service]\nExecStart=/till\n' },
    { 'till.service': '[Service]\nExecStart=/till\nExecStartPre=/patch\n' },
  ],
  ['an owner who no longer reviews', { CODEOWNERS: OWNERS }, { CODEOWNERS: `${OWNERS}/src/discount*\n` }],
  ['owners in a place that goes first', { CODEOWNERS: OWNERS }, { '.github/CODEOWNERS': '* @till/team\n' }],
  ['a driver that solves conflicts', {}, { '.gitattributes': '*.js merge=union\n' }],
  ['a trigger', ORDERS, { 'migrations/2.sql': TRIGGER }],
  ['a right in the database', ORDERS, { 'migrations/2.sql': 'GRANT ALL ON orders TO PUBLIC;\n' }],
  ['a right that Python gives', ORDERS, { 'migrations/2.py': 'op.execute("GRANT ALL ON orders TO public")\n' }],
])('%s is found if neither the request nor the plan mentions it', (_, base, files) => {
  const [first = ''] = findingsIn({ base, files });
  expect(first).toMatch(/neither the request nor the plan mentions it/);
});

const READING_SOURCE = {
  'src/discount.js': "export const a = (env) => env.TILL_DISCOUNT ?? 'on';\nexport const b = (env) => env.TILL_KEY;\n",
};

test.each<[string, Record<string, string>, Record<string, string | null>]>([
  ['a comment', { Dockerfile: IMAGE }, { Dockerfile: `# The till.\n${IMAGE}` }],
  ['an example', { 'examples/Dockerfile': IMAGE }, { 'examples/Dockerfile': `${IMAGE}USER node\n` }],
  ['an image of the tests', { 'test/Dockerfile': IMAGE }, { 'test/Dockerfile': `${IMAGE}USER node\n` }],
  ['a variable of an example', { '.env.example': 'A=1\n' }, { '.env.example': 'A=1\nB=2\n' }],
  ['a newer image', { Dockerfile: IMAGE }, { Dockerfile: IMAGE.replace('node:22', 'node:24') }],
  [
    'a newer action of a hook',
    { '.pre-commit-config.yaml': 'repos:\n  - rev: v1.2.0\n' },
    { '.pre-commit-config.yaml': 'repos:\n  - rev: v1.3.0\n' },
  ],
  [
    'one more folder in an image',
    { Dockerfile: IMAGE, 'public/a.css': '' },
    { Dockerfile: IMAGE.replace('CMD', 'COPY public ./public\nEXPOSE 80\nCMD') },
  ],
  ['a step on two lines', { Dockerfile: IMAGE }, { Dockerfile: IMAGE.replace('npm ci ', 'npm ci \\\n  ') }],
  ['another kind of quotes', { 'compose.yaml': COMPOSE }, { 'compose.yaml': COMPOSE.replaceAll("'", '"') }],
  ['the first image', {}, { Dockerfile: IMAGE }],
  ['the first manifest of a cluster', {}, { 'deploy/till.yaml': CLUSTER }],
  [
    'a variable that the changed code reads, with its default value',
    { 'compose.yaml': COMPOSE },
    { ...READING_SOURCE, 'compose.yaml': `${COMPOSE}      TILL_DISCOUNT: "on"\n` },
  ],
  [
    'a variable that comes from the machine',
    { 'compose.yaml': COMPOSE },
    { ...READING_SOURCE, 'compose.yaml': `${COMPOSE}      TILL_KEY: \${TILL_KEY}\n` },
  ],
  [
    'a variable that comes from a secret',
    { 'deploy/till.yaml': CLUSTER },
    {
      ...READING_SOURCE,
      'deploy/till.yaml': `${CLUSTER}          env:\n            - name: TILL_KEY\n              valueFrom:\n                secretKeyRef:\n                  name: till\n                  key: key\n`,
    },
  ],
  [
    'a new path of an interface',
    { 'openapi.yaml': API },
    { 'openapi.yaml': `${API}  /pay:\n    post:\n      operationId: pay\n` },
  ],
  ['a stricter policy', { 'deny.toml': DENY }, { 'deny.toml': `${DENY}unknown-git = "deny"\n` }],
  [
    'a bot that looks at more',
    { 'renovate.json': '{\n  "extends": ["a"]\n}\n' },
    { 'renovate.json': '{\n  "extends": ["a"],\n  "labels": ["b"]\n}\n' },
  ],
  [
    'a script that says more',
    { ...PIPELINE, 'ci/check.sh': CHECK },
    { 'ci/check.sh': CHECK.replace('go test', 'echo tests\ngo test') },
  ],
  ['a script that nothing calls', PIPELINE, { 'ci/new.sh': CHECK }],
  [
    'one more source of a list',
    { Makefile: 'include files.mk\n', 'files.mk': 'SOURCES = a.c b.c\n' },
    { 'files.mk': 'SOURCES = a.c b.c c.c\n' },
  ],
  [
    'one more owner',
    { CODEOWNERS: OWNERS },
    { CODEOWNERS: `${OWNERS}/src/discount* @till/team @till/security @till/money\n` },
  ],
  [
    'a list of changes that git lays together',
    { 'CHANGELOG.md': '' },
    { '.gitattributes': 'CHANGELOG.md merge=union\n*.png filter=lfs diff=lfs merge=lfs -text\n' },
  ],
  [
    'a migration',
    ORDERS,
    { 'migrations/2.sql': 'ALTER TABLE orders ADD paid INTEGER;\nUPDATE orders SET paid = 0;\n' },
  ],
  [
    'a trigger that writes down when',
    ORDERS,
    {
      'migrations/2.sql': 'CREATE TRIGGER t BEFORE UPDATE ON orders\nFOR EACH ROW EXECUTE FUNCTION set_updated_at();\n',
    },
  ],
  ['a sentence about grants', ORDERS, { 'src/grants.js': "export const grant = 'GRANT ALL ON orders TO x';\n" }],
  ['a project that begins', {}, { ...TILL, Dockerfile: IMAGE, 'compose.yaml': COMPOSE }],
])('%s is not found', (_, base, files) => {
  expect(findingsIn({ base: Object.keys(files).includes('src/price.js') ? null : base, files })).toEqual([]);
});

const planWith = (text: string, paths: string[] = []) => ({ text, paths });
test.each([
  ['its path', planWith('', ['Dockerfile'])],
  ['its folder', planWith('', ['./'])],
  ['its name', planWith('The Dockerfile builds the page.')],
  ['its kind', planWith('The container builds the page.')],
  ['what it is for', planWith('Deploy the page with the till.')],
])('a change that the plan names by %s is not found', (_, asked) => {
  const files = { Dockerfile: `${IMAGE}RUN node src/build.js\n` };
  expect(findingsIn({ base: { Dockerfile: IMAGE }, files, asked })).toEqual(
    asked.paths[0] === './' ? [expect.any(String)] : [],
  );
});

test.each(['A tenth off.', 'The Dockerfile stays as it is.', 'Do not change the image.', 'See MyDockerfile2.'])(
  'a plan that says "%s" does not mention the change of the image',
  (text) => {
    const files = { Dockerfile: `${IMAGE}RUN node src/build.js\n` };
    expect(findingsIn({ base: { Dockerfile: IMAGE }, files, asked: planWith(text) })).toHaveLength(1);
  },
);
