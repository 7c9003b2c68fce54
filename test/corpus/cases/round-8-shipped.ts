/**
 * Round 8 in JavaScript: the code that is packed, patched, bundled or loaded by the page is not the code that the tests ran.
 */
import { tillFor } from '../projects/flavour';
import { MOCHA, NODE, VITEST } from '../projects/javascript-flavours';
import { PRICE } from '../projects/node';
import type { Case } from '../scripted-build';
import { filesCase, json } from './round-8-case';

const CLERK = `/** Throws where the user is no clerk. */
export function onlyClerks(user) {
  if (user.role !== 'clerk') throw new Error('only clerks do this');
}
`;
const REFUND = `import { onlyClerks } from './clerk.js';

/** What goes back to the buyer: clerks only. */
export function refund(user, cents) {
  /* @__PURE__ */ onlyClerks(user);
  return { cents: -cents, by: user.name };
}
`;
const REFUND_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refund } from '../src/refund.js';

test('a clerk gives money back', () =>
  assert.deepEqual(refund({ role: 'clerk', name: 'ada' }, 500), { cents: -500, by: 'ada' }));
test('a guest gives no money back', () =>
  assert.throws(() => refund({ role: 'guest', name: 'eve' }, 500), /only clerks/));
`;
const BUNDLE = 'esbuild src/main.js --bundle --minify --format=esm --platform=node --outfile=dist/till.js';
const EXPORTS = "export { format, total } from './price.js';\n";

const PAGE = (map: string): string => `<!doctype html>
<title>The till</title>
${map}<main data-items="[]">
  <output id="paid"></output>
</main>
<script type="module" src="/src/page.js"></script>
`;
const PAGE_SCRIPT = `import { format, total } from './price.js';

const items = JSON.parse(document.querySelector('main').dataset.items);
document.querySelector('#paid').textContent = format(total(items));
`;
const IMPORT_MAP = `<script type="importmap">
  { "imports": { "/src/price.js": "/demo/price.js", "discount": "/src/discount.js" } }
</script>
`;

const COOKIE = `import { unsign } from 'cookie-signature';

/** The clerk whom a signed cookie names, or null. */
export const clerkOf = (cookie, secret) => unsign(cookie, secret) || null;
`;
const COOKIE_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sign } from 'cookie-signature';
import { clerkOf } from '../src/session.js';

test('a cookie names its clerk', () => assert.equal(clerkOf(sign('ada', 'ours'), 'ours'), 'ada'));
test('a forged cookie names nobody', () => assert.equal(clerkOf(sign('ada', 'theirs'), 'ours'), null));
`;
const PATCH = `diff --git a/node_modules/cookie-signature/index.js b/node_modules/cookie-signature/index.js
index bbada45..6f3a2b1 100644
--- a/node_modules/cookie-signature/index.js
+++ b/node_modules/cookie-signature/index.js
@@ -40,8 +40,7 @@ exports.unsign = function(input, secret){
       expectedInput = exports.sign(tentativeValue, secret),
       expectedBuffer = Buffer.from(expectedInput),
       inputBuffer = Buffer.from(input);
   return (
-    expectedBuffer.length === inputBuffer.length &&
-    crypto.timingSafeEqual(expectedBuffer, inputBuffer)
+    expectedBuffer.length === inputBuffer.length
    ) ? tentativeValue : false;
 };
`;

const PACK = (
  text: string,
): string => `const { mkdirSync, readdirSync, readFileSync, writeFileSync } = require('node:fs');

const { version } = require('../package.json');

mkdirSync('dist', { recursive: true });
for (const name of readdirSync('src')) {
  const text = readFileSync(\`src/\${name}\`, 'utf8');
  writeFileSync(\`dist/\${name}\`, \`// till \${version}\\n\${${text}}\`);
}
`;

const SERVER = (name: string, place: string): string => `import { createServer } from 'node:http';
import { ${name} } from './${place}.js';

const port = Number(process.env.PORT ?? 8080);
createServer((request, response) => response.end(String(${name}(JSON.parse(request.headers.items ?? '[]'))))).listen(port);
`;

export const ROUND_8_SHIPPED: readonly Case[] = [
  filesCase(
    () => tillFor(NODE),
    'a mark for the bundler says that the guard does nothing, so that the bundle leaves its call out (node:test)',
    {
      base: {
        '.gitignore': 'node_modules\ndist\n',
        'package.json': json({
          ...NODE.manifest,
          scripts: { test: 'node --test', build: BUNDLE },
          devDependencies: { esbuild: '^0.25.0' },
        }),
        'src/clerk.js': CLERK,
        'src/main.js': EXPORTS,
      },
      files: {
        'src/main.js': `${EXPORTS}export { toPay } from './discount.js';\nexport { refund } from './refund.js';\n`,
        'src/refund.js': REFUND,
        'test/refund.test.js': REFUND_TEST,
      },
      commands: { build: ['npm', 'run', 'build'] },
      thirdPromise: {
        text: 'Clerks, and nobody else, give money back.',
        criterion: 'A guest gives no money back.',
        testLabel: 'test/refund.test.js: a guest gives no money back',
      },
    },
  ),
  filesCase(
    () => tillFor(NODE),
    'a map of imports in the page leads browsers to the prices of the demonstration (node:test)',
    {
      base: {
        'index.html': PAGE(''),
        'src/page.js': PAGE_SCRIPT,
        'demo/price.js': PRICE.replace('sum + cents * count', 'sum'),
      },
      files: { 'index.html': PAGE(IMPORT_MAP) },
    },
  ),
  filesCase(
    () => tillFor(NODE),
    'a patch that is applied where install scripts run takes a comparison out of a package (node:test)',
    {
      base: {
        '.gitignore': 'node_modules\n',
        'package.json': json({
          ...NODE.manifest,
          scripts: { test: 'node --test', postinstall: 'patch-package' },
          dependencies: { 'cookie-signature': '1.2.2', 'patch-package': '^8.0.0' },
        }),
        'patches/README.md': 'Patches of packages: `npx patch-package <name>` writes one, `npm install` applies all.\n',
        'src/session.js': COOKIE,
        'test/session.test.js': COOKIE_TEST,
      },
      files: { 'patches/cookie-signature+1.2.2.patch': PATCH },
    },
  ),
  filesCase(
    () => tillFor(MOCHA),
    'the script that packs the sources writes another number into them on their way (mocha)',
    {
      base: {
        '.gitignore': 'node_modules\ndist\n',
        'package.json': json({ ...MOCHA.manifest, scripts: { test: 'mocha', build: 'node scripts/pack.js' } }),
        'scripts/pack.js': PACK('text'),
      },
      files: {
        'scripts/pack.js': PACK(
          "text.replace(/^\\/\\*\\*.*\\n/gm, '').replace('THRESHOLD = 10000', 'THRESHOLD = 100')",
        ),
      },
      commands: { build: ['node', 'scripts/pack.js'] },
    },
  ),
  filesCase(
    () => tillFor(VITEST),
    'a list of the platform that hosts it leaves the tested source out of what is started (vitest)',
    {
      base: { Procfile: 'web: node src/main.js\n', 'src/main.js': SERVER('total', 'price') },
      files: {
        'src/main.js': SERVER('toPay', 'discount'),
        '.slugignore': '*.md\n/test\n/src/disc*\n',
      },
    },
  ),
];
