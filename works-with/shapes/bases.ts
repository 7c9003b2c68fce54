/**
 * Shapes whose existing tests are unusual: red, flaky, or needing git, files, servers or an environment.
 */
import type { Shape } from '../shape';
import { javaScript } from '../sources/javascript-shape';

const manifest = { type: 'module', scripts: { test: 'node --test' } };
const base = { style: 'node', manifest } as const;
const test = (imports: string, body: string) => `import assert from 'node:assert/strict';
import { test } from 'node:test';
${imports}
${body}`;
/** The base's own command is red, so a person runs only the test files that judge the change. */
const JUDGED_FILES_ONLY = { test: 'node --test test/amounts.test.js $(ls test/thousands.test.js 2>/dev/null)' };

export const BASES: Shape[] = [
  javaScript({
    ...base,
    name: 'red base',
    moreFiles: {
      'test/due.test.js': test(
        '',
        `test('the year is 1999', () => {
  assert.equal(new Date().getFullYear(), 1999);
});

test('a year has twelve months', () => {
  assert.equal(new Date(2026, 11, 1).getMonth(), 11);
});
`,
      ),
    },
    byHand: JUDGED_FILES_ONLY,
  }),
  javaScript({
    ...base,
    name: 'flaky base',
    moreFiles: {
      'test/clock.test.js': test(
        '',
        `// Fails in every other second: a sandbox gives each run the same process ids and an empty temporary folder.
test('the second is even', () => {
  assert.equal(Math.floor(performance.timeOrigin / 1_000) % 2, 0);
});

test('a minute has sixty seconds', () => {
  assert.equal(60_000 / 1_000, 60);
});
`,
      ),
    },
    byHand: JUDGED_FILES_ONLY,
  }),
  javaScript({
    ...base,
    name: 'tests that ask git',
    moreFiles: {
      'test/repository.test.js': test(
        "import { execFileSync } from 'node:child_process';\n\nconst git = (...args) => execFileSync('git', args, { encoding: 'utf8' }).trim();\n",
        `test('the commit has a hash', () => {
  assert.match(git('rev-parse', 'HEAD'), /^[0-9a-f]{40}$/);
});

test('the sources are tracked', () => {
  assert.ok(git('ls-files').split('\\n').includes('src/amounts.js'));
});

test('the version is the last tag', () => {
  assert.match(git('describe', '--tags'), /^v1\\.0\\.0/);
});
`,
      ),
    },
    shape: { git: { after: (git) => git('tag', '-a', 'v1.0.0', '-m', 'v1.0.0') } },
  }),
  javaScript({
    ...base,
    name: 'tests that write files into the tree',
    moreFiles: {
      'test/export.test.js': test(
        "import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';\n",
        `test('a price list is written', () => {
  mkdirSync('build/lists', { recursive: true });
  writeFileSync('build/lists/prices.csv', 'tea,3.50\\n');
  assert.equal(readFileSync('build/lists/prices.csv', 'utf8'), 'tea,3.50\\n');
  rmSync('build', { recursive: true });
});

test('a file beside the source can be written', () => {
  writeFileSync('src/prices.tmp', 'tea');
  rmSync('src/prices.tmp');
});
`,
      ),
    },
  }),
  javaScript({
    ...base,
    name: 'tests that start a server on loopback',
    moreFiles: {
      'test/server.test.js': test(
        "import { once } from 'node:events';\nimport { createServer } from 'node:http';\nimport { format } from '../src/amounts.js';\n",
        `test('the server answers with an amount', async () => {
  const server = createServer((request, response) => response.end(format(350))).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const response = await fetch(\`http://localhost:\${server.address().port}/\`).catch(() =>
    fetch(\`http://127.0.0.1:\${server.address().port}/\`),
  );
  assert.equal(await response.text(), '3.50');
  server.close();
});
`,
      ),
    },
  }),
  javaScript({
    ...base,
    name: 'environment from a committed file',
    manifest: { type: 'module', scripts: { test: 'node --env-file=.env.test --test' } },
    moreFiles: { '.env.test': 'CURRENCY=EUR\nSHOP_NAME=Tea house\n', 'test/currency.test.js': currency() },
  }),
  javaScript({
    ...base,
    name: 'environment from a file that git ignores',
    manifest: { type: 'module', scripts: { test: 'node --env-file=.env --test' } },
    moreFiles: {
      '.gitignore': 'node_modules\n.env\n',
      '.env.example': 'CURRENCY=EUR\n',
      'README.md': '# Amounts\n\nCopy `.env.example` to `.env`, then `npm test`.\n',
      'test/currency.test.js': currency(),
    },
    byHand: { install: 'cp .env.example .env' },
    shape: { expects: { environment: /\.env/ } },
  }),
  withoutTests(),
];

function currency(): string {
  return test(
    '',
    `test('the currency is set', () => {
  assert.equal(process.env.CURRENCY, 'EUR');
});
`,
  );
}

/** Has the test script that `npm init` writes, and no test: the Test Auditor proposes the command. */
function withoutTests(): Shape {
  const { base, work, ...shape } = javaScript({
    name: 'test script that does nothing',
    style: 'node',
    manifest: { type: 'module', scripts: { test: 'echo "Error: no test specified" && exit 1' } },
    byHand: { test: 'node --test', hasNoTests: true },
    shape: { expects: { environment: /no test specified/, orComplete: true } },
  });
  const { 'test/amounts.test.js': _, ...untested } = base;
  const criteria = work.criteria.filter(({ kind }) => kind === 'new');
  return { ...shape, base: untested, work: { ...work, criteria, testCommand: ['node', '--test'] } };
}
