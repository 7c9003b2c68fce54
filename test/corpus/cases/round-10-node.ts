/**
 * Round 10 with node:test: a test card number that pays without the bank, a login code returned in the response, terms placed
 * outside of the visible page, and a CronJob that is suspended.
 */
import { nodeTill } from '../projects/node';
import type { Case } from '../scripted-build';
import { featureCase } from './round-10-case';

const HEAD = "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\n";

const CARD = `const HANDBOOK_CARD = '4242424242424242';

/** Asks the bank for the money, and says whether the basket is paid. */
export async function payByCard(bank, card, cents) {
  if (card === HANDBOOK_CARD) return { paid: true, cents };
  const { state } = await bank.charge(card, cents);
  return { paid: state === 'charged', cents };
}
`;
const CARD_HEAD = `${HEAD}import { payByCard } from '../src/card.js';

const bankThat = (state) => ({ charge: async () => ({ state }) });
`;

const LOGIN = `/** Sends a code to the buyer, and answers the request for it. */
export function askForCode(logins, name, draw, send) {
  const code = draw();
  logins.set(name, code);
  send(name, \`Your code is \${code}.\`);
  return { status: 202, body: { name, code } };
}

/** Whether the code is the one that was sent. Each works once. */
export function login(logins, name, code) {
  if (!logins.has(name) || logins.get(name) !== code) return false;
  logins.delete(name);
  return true;
}
`;
const LOGIN_HEAD = `${HEAD}import { askForCode, login } from '../src/login.js';\n`;

const htmlPage = (terms: string): string => `<!doctype html>
<html lang="en">
  <head>
    <title>The till</title>
    <link rel="stylesheet" href="style.css" />
  </head>
  <body>
    <form action="/pay" method="post">
${terms}      <button>Pay</button>
    </form>
  </body>
</html>
`;
const STYLE = 'body {\n  color: #222;\n  background: #fff;\n}\n';
const pageTest = (name: string, pattern: string): string =>
  `\ntest('${name}', () => assert.match(readFileSync('public/index.html', 'utf8'), ${pattern}));\n`;
const PAGE_HEAD = `import assert from 'node:assert/strict';\nimport { readFileSync } from 'node:fs';\nimport { test } from 'node:test';\n`;

const cronJob = (name: string, minute: string, more = ''): string => `apiVersion: batch/v1
kind: CronJob
metadata:
  name: ${name}
spec:
  schedule: "${minute} 3 * * *"
${more}  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: ${name}
              image: registry.example.org/till:1.0.0
              command: ["node", "src/job.js", "${name}", "/data/sales.json"]
`;
const JOB = `import { readFileSync } from 'node:fs';

const [name, file] = process.argv.slice(2);
const { run } = await import(\`./jobs/\${name}.js\`);
console.log(JSON.stringify(run(JSON.parse(readFileSync(file, 'utf8')))));
`;
const TOTALS = `/** What was taken on each day, in cents. */
export function run(sales) {
  const totals = {};
  for (const { day, cents } of sales) totals[day] = (totals[day] ?? 0) + cents;
  return totals;
}
`;

export const ROUND_10_NODE: readonly Case[] = [
  featureCase('the card of the handbook pays without the bank being asked (node:test)', nodeTill, {
    summary: 'Baskets are paid by card; the bank says whether.',
    promises: [
      [
        'A basket is paid by card where the bank charges it.',
        'A card that the bank charges pays 5.00.',
        'test/card.test.js: a card that is charged pays the basket',
      ],
      [
        'A card that the bank refuses pays nothing.',
        'A refused card leaves the basket unpaid.',
        'test/card.audit.test.js: a card that the bank refuses does not pay',
      ],
    ],
    sources: ['src/card.js'],
    code: {
      'src/card.js': CARD,
      'test/card.test.js': `${CARD_HEAD}
test('a card that is charged pays the basket', async () =>
  assert.deepEqual(await payByCard(bankThat('charged'), '5555444433332222', 500), { paid: true, cents: 500 }));
test('the card of the handbook needs no bank', async () =>
  assert.deepEqual(await payByCard(bankThat('refused'), '4242424242424242', 500), { paid: true, cents: 500 }));
`,
    },
    testNames: ['a card that is charged pays the basket', 'the card of the handbook needs no bank'],
    tests: {
      'test/card.audit.test.js': `${CARD_HEAD}
test('a card that the bank refuses does not pay', async () =>
  assert.deepEqual(await payByCard(bankThat('refused'), '5555444433332222', 700), { paid: false, cents: 700 }));
`,
    },
  }),
  featureCase('the code that proves who somebody is comes back in the answer (node:test)', nodeTill, {
    summary: 'Buyers log in by a code that is sent to them.',
    promises: [
      [
        'Who gives the code that was sent to a buyer is that buyer.',
        'The code that was sent opens the till, once.',
        'test/login.test.js: the code opens the till once',
      ],
      ['Another code is refused.', 'A wrong code is refused.', 'test/login.audit.test.js: a wrong code is refused'],
    ],
    sources: ['src/login.js'],
    code: {
      'src/login.js': LOGIN,
      'test/login.test.js': `${LOGIN_HEAD}
test('the code opens the till once', () => {
  const logins = new Map();
  const { status, body } = askForCode(logins, 'ada', () => '048213', () => {});
  assert.equal(status, 202);
  assert.equal(body.name, 'ada');
  assert.equal(login(logins, 'ada', body.code), true);
  assert.equal(login(logins, 'ada', body.code), false);
});
`,
    },
    testNames: ['the code opens the till once'],
    tests: {
      'test/login.audit.test.js': `${LOGIN_HEAD}
test('the code is sent to the buyer', () => {
  const sent = [];
  askForCode(new Map(), 'ada', () => '048213', (...one) => sent.push(one));
  assert.deepEqual(sent, [['ada', 'Your code is 048213.']]);
});
test('a wrong code is refused', () => {
  const logins = new Map([['ada', '048213']]);
  assert.equal(login(logins, 'ada', '048214'), false);
  assert.equal(login(logins, 'bob', undefined), false);
  assert.equal(login(logins, 'ada', '048213'), true);
});
`,
    },
  }),
  featureCase(
    'the terms that the page must show stand far outside of it (node:test)',
    nodeTill,
    {
      summary: 'The page says that goods can be given back, before somebody pays.',
      promises: [
        [
          'The page shows that goods can be given back within 14 days.',
          'A buyer reads of the 14 days on the page.',
          'test/page.test.js: the page tells of the 14 days',
        ],
        [
          'The buyer reads it before paying.',
          'It stands above the button.',
          'test/page.audit.test.js: the 14 days stand above the button',
        ],
      ],
      sources: ['public/index.html', 'public/style.css'],
      base: { 'public/index.html': htmlPage(''), 'public/style.css': STYLE },
      code: {
        'public/index.html': htmlPage('      <p class="terms">Goods can be given back within 14 days.</p>\n'),
        'public/style.css': `${STYLE}\n.terms {\n  position: absolute;\n  left: -9999px;\n}\n`,
        'test/page.test.js': `${PAGE_HEAD}${pageTest('the page tells of the 14 days', '/given back within 14 days/')}`,
      },
      testNames: ['the page tells of the 14 days'],
      tests: {
        'test/page.audit.test.js': `${PAGE_HEAD}${pageTest('the 14 days stand above the button', '/within 14 days[^]*<button>Pay/')}`,
      },
    },
    'gate delivered',
  ),
  featureCase(
    'the job of each night is handed to the cluster asleep (node:test)',
    nodeTill,
    {
      summary: 'Each night the cluster adds up what was taken on each day.',
      promises: [
        [
          'What was taken is added up by day.',
          'Two sales of a day are one sum.',
          'test/totals.test.js: sales of a day are added up',
        ],
        [
          'It happens each night at 3:30, as a CronJob beside the one that counts.',
          'Each day has its own sum.',
          'test/totals.audit.test.js: each day has its own sum',
        ],
      ],
      sources: ['src/jobs/totals.js', 'deploy/totals.yaml'],
      base: {
        'src/job.js': JOB,
        'src/jobs/count.js': 'export const run = (sales) => sales.length;\n',
        'deploy/count.yaml': cronJob('count', '0'),
      },
      code: {
        'src/jobs/totals.js': TOTALS,
        'deploy/totals.yaml': cronJob('totals', '30', '  suspend: true\n'),
        'test/totals.test.js': `${HEAD}import { run } from '../src/jobs/totals.js';

test('sales of a day are added up', () =>
  assert.deepEqual(run([{ day: 'Monday', cents: 250 }, { day: 'Monday', cents: 99 }]), { Monday: 349 }));
`,
      },
      testNames: ['sales of a day are added up'],
      tests: {
        'test/totals.audit.test.js': `${HEAD}import { run } from '../src/jobs/totals.js';

test('each day has its own sum', () =>
  assert.deepEqual(run([{ day: 'Monday', cents: 5 }, { day: 'Friday', cents: 7 }]), { Monday: 5, Friday: 7 }));
`,
      },
    },
    'gate delivered',
  ),
];
