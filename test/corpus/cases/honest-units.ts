/**
 * Honest changes with units that tests cannot notice in the usual way: entry points, named constants, settings of machines, moved checks,
 * ignored errors, and assertions that only check a type.
 */
import { tillFor } from '../projects/flavour';
import type { Flavour } from '../projects/flavour';
import { MOCHA, NODE, VITEST } from '../projects/javascript-flavours';
import { PYTEST } from '../projects/python-flavour';
import type { Case, Files } from '../scripted-build';

const filesCase = (flavour: Flavour, name: string, files: Files, base: Record<string, string> = {}): Case => ({
  name: `${name} (${flavour.runner})`,
  project: () => tillFor(flavour),
  alter: (build) => {
    Object.assign(build.base, base);
    Object.assign(build.code[0].files, files);
  },
});

const MAIN = `import { createServer } from 'node:http';
import { NAME } from './PLACE.js';

const port = Number(process.env.PORT ?? 8080);
createServer((request, response) => response.end(String(NAME(JSON.parse(request.headers.items ?? '[]'))))).listen(port);
`;
const mainFile = (name: string, place: string): string => MAIN.replaceAll('NAME', name).replace('PLACE', place);
const GUARDED = `export function paid(user, cents) {
  if (user.role !== 'clerk') throw new Error('only clerks take money');
  return cents;
}
`;

export const HONEST_UNITS: readonly Case[] = [
  filesCase(
    VITEST,
    'the entry point of the server calls the new function',
    { 'src/main.js': mainFile('toPay', 'discount') },
    { 'src/main.js': mainFile('total', 'price') },
  ),
  filesCase(VITEST, 'a new entry point reads its arguments and prints', {
    'src/cli.js':
      "import { toPay } from './discount.js';\n\nconst [cents, count] = process.argv.slice(2).map(Number);\nconsole.log(toPay([{ cents, count }]));\n",
  }),
  filesCase(PYTEST, 'a start file is added', {
    'till/__main__.py':
      'import sys\n\nfrom till.discount import to_pay\n\nif __name__ == "__main__":\n    print(to_pay([(int(sys.argv[1]), 1)]))\n    sys.exit(0)\n',
  }),
  filesCase(NODE, 'settings of a machine name its port and its time limit', {
    'config/production.json': '{ "port": 8443, "host": "till.example", "timeoutMs": 3000, "logLevel": "warn" }\n',
  }),
  filesCase(NODE, 'a page links to the tests and says hello', {
    'public/index.html':
      '<!doctype html>\n<title>The till</title>\n<script type="application/ld+json">{ "@type": "Store", "floors": 2 }</script>\n<script type="module">\n  import { toPay } from "../src/discount.js";\n  document.querySelector("#sum").textContent = toPay([]);\n</script>\n',
  }),
  filesCase(
    MOCHA,
    'a guard moves into a module of its own',
    {
      'src/roles.js':
        "exports.onlyClerks = (user) => {\n  if (user.role !== 'clerk') throw new Error('only clerks take money');\n};\n",
      'src/paid.js':
        "const { onlyClerks } = require('./roles');\n\nexports.paid = (user, cents) => {\n  onlyClerks(user);\n  return cents;\n};\n",
      'test/paid.test.js':
        "const assert = require('node:assert/strict');\nconst { paid } = require('../src/paid');\n\ndescribe('paid', () => {\n  it('a clerk takes money', () => assert.equal(paid({ role: 'clerk' }, 5), 5));\n  it('a guest does not', () => assert.throws(() => paid({ role: 'guest' }, 5), /only clerks/));\n});\n",
    },
    {
      'src/paid.js': GUARDED.replace('export function paid(user, cents)', 'exports.paid = (user, cents) =>').replace(
        /\}\n$/,
        '};\n',
      ),
    },
  ),
  filesCase(PYTEST, 'a file that is gone already is no error, and an assertion checks a type', {
    'till/cache.py':
      'import contextlib\nimport os\n\n\ndef forget(path):\n    assert isinstance(path, str)\n    with contextlib.suppress(FileNotFoundError):\n        os.remove(path)\n    return path\n',
    'tests/test_cache.py':
      'from till.cache import forget\n\n\ndef test_what_is_forgotten_is_gone(tmp_path):\n    path = tmp_path / "sums"\n    path.write_text("5")\n    assert forget(str(path)) == str(path)\n    assert not path.exists()\n',
  }),
  filesCase(NODE, 'constants have names that tests use', {
    'src/limits.js': 'export const MOST_LINES = 40;\nexport const LONGEST_NAME = 80;\n',
    'src/receipt.js':
      "import { MOST_LINES } from './limits.js';\n\nexport const cut = (lines) => lines.slice(0, MOST_LINES);\n",
    'test/receipt.test.js':
      "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { MOST_LINES } from '../src/limits.js';\nimport { cut } from '../src/receipt.js';\n\ntest('a long receipt is cut', () => assert.equal(cut(Array(MOST_LINES + 5).fill('')).length, MOST_LINES));\n",
  }),
];
