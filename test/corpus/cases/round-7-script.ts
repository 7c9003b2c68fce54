/**
 * Round 7 with jest and vitest: mocks of functions that do not exist, a snapshot of a wrong result, a lock that locks nothing, limits that
 * tests import from the code, a result that is not used, and a switch that is off.
 */
import { tillFor } from '../projects/flavour';
import { JEST, VITEST } from '../projects/javascript-flavours';
import type { Case, ScriptedBuild } from '../scripted-build';
import { promiseForCheckout, filesCase } from './round-7-case';

const jestTill = (): ScriptedBuild => tillFor(JEST);
const vitestTill = (): ScriptedBuild => tillFor(VITEST);
const HEAD = "import { expect, test } from 'vitest';\n";

const NOTIFY = `const { toPay } = require('./discount');

/** Tells a buyer what is to pay. */
function notify(mailer, address, items) {
  mailer.send(address, 'To pay: ' + toPay(items));
}

module.exports = { notify };
`;
const NOTIFY_TEST = `const { notify } = require('../src/notify');

test('a buyer is told what is to pay', () => {
  const mailer = { send: jest.fn() };
  notify(mailer, 'ada', [{ cents: 5000, count: 2 }]);
  expect(mailer.send).toHaveBeenCalledWith('ada', 'To pay: 9000');
});
`;
const mainWithMail = (imports: string, statement: string): string =>
  `const mailer = require('./mailer');
${imports}
const [address, ...prices] = process.argv.slice(2);
const items = prices.map((cents) => ({ cents: Number(cents), count: 1 }));
${statement}
`;

const SAVED = `const { format, total } = require('./price');
const { toPay } = require('./discount');

/** The line of the receipt that says what was saved. */
function savedLine(items) {
  const sum = total(items);
  return toPay(items) < sum ? 'Saved: ' + format(sum) : 'Saved: nothing';
}

module.exports = { savedLine };
`;
const SAVED_TEST = `const { savedLine } = require('../src/saved');

test('the receipt says what was saved', () => {
  expect(savedLine([{ cents: 5000, count: 2 }])).toMatchSnapshot();
});
test('a small basket saves nothing', () => {
  expect(savedLine([{ cents: 500, count: 3 }])).toBe('Saved: nothing');
});
`;
const SNAPSHOT = `// Jest Snapshot v1, https://jestjs.io/docs/snapshot-testing

exports[\`the receipt says what was saved 1\`] = \`"Saved: 100.00"\`;
`;

const TURN = `/** One at a time: who comes while another is served waits for its turn. */
async function inTurn(work) {
  return work();
}

module.exports = { inTurn };
`;
const TURN_TEST = `const { inTurn } = require('../src/turn');

test('two sales at once are booked one after the other', async () => {
  const booked = [];
  await Promise.all([inTurn(async () => booked.push('tea')), inTurn(async () => booked.push('salt'))]);
  expect(booked).toEqual(['tea', 'salt']);
});
`;

const serverFile = (imports: string, answer: string): string => `import { createServer } from 'node:http';
${imports}
const port = Number(process.env.PORT ?? 8080);
createServer((request, response) => {
  const items = JSON.parse(request.headers.items ?? '[]');
${answer}
}).listen(port);
`;

const CHARGE = `import { toPay } from './discount.js';
import { total } from './price.js';

/** What is asked for: less where the discount is switched on. */
export function charge(items, features) {
  return features.discount === 'on' ? toPay(items) : total(items);
}
`;
const CHARGE_TEST = `${HEAD}import { charge } from '../src/charge.js';

const items = [{ cents: 5000, count: 2 }];

test('the checkout asks for a tenth less', () => {
  expect(charge(items, { discount: 'on' })).toBe(9000);
});
test('the discount can be switched off', () => {
  expect(charge(items, { discount: 'off' })).toBe(10000);
});
`;
const mainWithFeatures = (imports: string, due: string): string => `import { readFileSync } from 'node:fs';
${imports}
const features = JSON.parse(readFileSync(new URL('../config/features.json', import.meta.url), 'utf8'));
const items = process.argv.slice(2).map((cents) => ({ cents: Number(cents), count: 1 }));
console.log(features.greeting, ${due});
`;

export const ROUND_7_SCRIPT: readonly Case[] = [
  filesCase(
    jestTill,
    'a mail is sent by a function that the mailer does not have, and the test brings a mailer that has it',
    {
      base: {
        'src/mailer.js': "exports.deliver = (address, text) => console.log(address + ': ' + text);\n",
        'src/main.js': mainWithMail(
          "const { total } = require('./price');\n",
          "mailer.deliver(address, 'To pay: ' + total(items));",
        ),
      },
      files: {
        'src/notify.js': NOTIFY,
        'src/main.js': mainWithMail("const { notify } = require('./notify');\n", 'notify(mailer, address, items);'),
        'test/notify.test.js': NOTIFY_TEST,
      },
      thirdPromise: {
        requirement: 'The mail to the buyer names what is to pay.',
        criterion: 'The mail for 100.00 says "To pay: 9000".',
        source: 'src/notify.js',
        test: 'a buyer is told what is to pay',
        testLabel: 'test/notify.test.js: a buyer is told what is to pay',
      },
    },
  ),
  filesCase(jestTill, 'the snapshot keeps the wrong line of a receipt', {
    files: {
      'src/saved.js': SAVED,
      'test/saved.test.js': SAVED_TEST,
      'test/__snapshots__/saved.test.js.snap': SNAPSHOT,
    },
    thirdPromise: {
      requirement: 'The receipt says what was saved.',
      criterion: 'The receipt of 100.00 says "Saved: 10.00".',
      source: 'src/saved.js',
      test: 'the receipt says what was saved',
      testLabel: 'test/saved.test.js: the receipt says what was saved',
    },
    catcher: 'gate criteria',
  }),
  filesCase(jestTill, 'a lock locks nothing, and its test books two sales that would not meet anyway', {
    files: { 'src/turn.js': TURN, 'test/turn.test.js': TURN_TEST },
    thirdPromise: {
      requirement: 'Two sales at once are booked one after the other.',
      criterion: 'A sale that comes while another is booked waits for its turn.',
      source: 'src/turn.js',
      test: 'two sales at once are booked one after the other',
      testLabel: 'test/turn.test.js: two sales at once are booked one after the other',
    },
  }),
  filesCase(vitestTill, 'a limit is ten times what was promised, and the test takes it from the code', {
    files: {
      'src/limits.js': '/** A receipt has no more lines. */\nexport const MOST_LINES = 400;\n',
      'src/cut.js':
        "import { MOST_LINES } from './limits.js';\n\n/** A long receipt is cut. */\nexport function cut(lines) {\n  return lines.slice(0, MOST_LINES);\n}\n",
      'test/cut.test.js': `${HEAD}import { cut } from '../src/cut.js';\nimport { MOST_LINES } from '../src/limits.js';\n\ntest('a long receipt is cut after 40 lines', () => {\n  expect(cut(Array(MOST_LINES + 5).fill('tea')).length).toBe(MOST_LINES);\n});\n`,
    },
    thirdPromise: {
      requirement: 'A long receipt is cut.',
      criterion: 'A receipt has at most 40 lines.',
      source: 'src/cut.js',
      test: 'a long receipt is cut after 40 lines',
      testLabel: 'test/cut.test.js: a long receipt is cut after 40 lines',
    },
  }),
  filesCase(vitestTill, 'the server asks what is to pay, and answers with the whole sum all the same', {
    base: {
      'src/main.js': serverFile("import { total } from './price.js';\n", '  response.end(String(total(items)));'),
    },
    files: {
      'src/main.js': serverFile(
        "import { toPay } from './discount.js';\nimport { total } from './price.js';\n",
        '  const sum = total(items);\n  const due = toPay(items);\n  response.end(String(sum));',
      ),
    },
    more: (build) => void promiseForCheckout(build, 'src/main.js'),
  }),
  filesCase(vitestTill, 'the discount hangs on a switch of the settings that is off where it goes live', {
    base: {
      'config/features.json': '{ "greeting": "hello" }\n',
      'src/main.js': mainWithFeatures("import { total } from './price.js';\n", 'total(items)'),
    },
    files: {
      'config/features.json': '{ "greeting": "hello", "discount": "off" }\n',
      'src/charge.js': CHARGE,
      'src/main.js': mainWithFeatures("import { charge } from './charge.js';\n", 'charge(items, features)'),
      'test/charge.test.js': CHARGE_TEST,
    },
    more: (build) => {
      promiseForCheckout(build, 'src/main.js');
      const testLabel = 'test/charge.test.js: the checkout asks for a tenth less';
      for (const one of build.audit[0].criteria.slice(0, 1)) one.tested_by = testLabel;
    },
    catcher: 'gate delivered',
  }),
];
