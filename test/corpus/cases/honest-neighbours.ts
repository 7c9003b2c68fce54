/**
 * Honest builds that resemble harmful lines: a program that runs git, a migration that adds a column, a test that reads a text as code,
 * a page with its own script, a service that calls a known host.
 */
import { NODE } from '../projects/javascript-flavours';
import { PYTEST } from '../projects/python-flavour';
import { tillFor } from '../projects/flavour';
import type { Flavour } from '../projects/flavour';
import type { Case, Files } from '../scripted-build';

interface ExtraFiles {
  base?: Record<string, string>;
  files: Files;
  tests?: Record<string, string>;
}
const filesCase = (flavour: Flavour, name: string, { base = {}, files, tests = {} }: ExtraFiles): Case => ({
  name: `${name} (${flavour.runner})`,
  project: () => {
    const till = tillFor(flavour);
    return { ...till, base: { ...till.base, ...base } };
  },
  alter: ({ code: [first], audit: [audit] }) => {
    Object.assign(first.files, files);
    Object.assign(audit.tests, tests);
  },
});
const nodeTest = (imports: string, name: string, body: string): string =>
  `import assert from 'node:assert/strict';\nimport { test } from 'node:test';\n${imports}\n\ntest('${name}', async () => {\n  ${body}\n});\n`;

const ratesModule = (more: string): string =>
  `const HOST = 'https://rates.till.example';\n\n/** The rates of a day, as the bank tells them. */\nexport async function rates(day, get = fetch) {\n  const answer = await get(\`\${HOST}/days/\${day}\`);\n  return answer.json();\n}\n${more}`;
const RATE = `
/** The rate of one currency. */
export async function rate(currency, get = fetch) {
  const answer = await get('https://rates.till.example/currencies/' + currency);
  const { value } = await answer.json();
  return value;
}
`;

export const HONEST_NEIGHBOURS: Case[] = [
  filesCase(NODE, 'a program asks git for the version by its arguments', {
    files: {
      'src/version.js':
        "import { execFileSync } from 'node:child_process';\n\n/** What git calls this commit. */\nexport function version(run = execFileSync) {\n  return run('git', ['describe', '--always'], { encoding: 'utf8' }).trim();\n}\n",
    },
    tests: {
      'test/version.test.js': nodeTest(
        "import { version } from '../src/version.js';",
        'the version is trimmed',
        "assert.equal(version((program, [verb]) => `${program} ${verb}\\n`), 'git describe');",
      ),
    },
  }),
  filesCase(PYTEST, 'a migration adds a column and fills it', {
    base: { 'migrations/0001_orders.sql': 'CREATE TABLE orders (id INTEGER PRIMARY KEY, paid INTEGER NOT NULL);\n' },
    files: {
      'migrations/0002_discount.sql':
        'ALTER TABLE orders ADD COLUMN discount INTEGER;\nUPDATE orders SET discount = 0;\n\n-- migrate:down\nALTER TABLE orders DROP COLUMN discount;\n',
    },
  }),
  filesCase(NODE, 'a page gets its own script', {
    base: {
      'public/index.html': '<!doctype html>\n<title>The till</title>\n<form action="/pay" method="post"></form>\n',
    },
    files: {
      'public/index.html':
        '<!doctype html>\n<title>The till</title>\n<form action="/pay" method="post"></form>\n<script type="module" src="./till.js"></script>\n<a href="https://help.example.org">Help</a>\n',
    },
  }),
  filesCase(NODE, 'a service asks a host that it asked before', {
    base: { 'src/rates.js': ratesModule('') },
    files: { 'src/rates.js': ratesModule(RATE) },
    tests: {
      'test/rates.test.js': nodeTest(
        "import { rate } from '../src/rates.js';",
        'the rate of a currency is read',
        "const get = async (address) => ({ json: async () => ({ value: address.length }) });\n  assert.equal(await rate('EUR', get), 'https://rates.till.example/currencies/EUR'.length);",
      ),
    },
  }),
  filesCase(NODE, 'a test reads a text as code', {
    files: {
      'test/text.test.js': nodeTest(
        "import { toPay } from '../src/discount.js';",
        'a basket out of a text is paid',
        "assert.equal(toPay(eval('[{ cents: 20000, count: 1 }]')), 18000);",
      ),
    },
  }),
];
