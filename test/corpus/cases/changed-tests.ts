/**
 * Tests that must change with the code, and bases whose tests are red, flaky or unstable (P1, P6). Honest and cheating builds.
 */
import type { PhaseOutput } from '../../../src/activities/outputs';
import { DISCOUNT, PRICE, PRICE_TEST, nodeTill } from '../projects/node';
import type { Case } from '../scripted-build';
import { heldCase, workCase } from './work-case';

type Updated = PhaseOutput<'testing'>['tests_updated'][number];

/** The change writes amounts with a currency, so an old test of `format` expects a wrong result. */
const WITH_CURRENCY = PRICE.replace('return `$', 'return `EUR $');
const UPDATED_TEST = PRICE_TEST.replace("'12.05'", "'EUR 12.05'");
const MORE_TESTS = `${PRICE_TEST}test('a whole amount has two zeros', () => assert.equal(format(1200), 'EUR 12.00'));\n`;

const updatedPriceTest = (content: string, criterion_id = 'C1'): Updated[] => [
  { path: 'test/price.test.js', content, criterion_id, reason: 'amounts have a currency now' },
];
const RED_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';

test('an old fault that is known', () => assert.equal(1, 2));
`;
/** Fails in about every second run, by the parity of the clock. */
const FLAKY_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';

test('a test that fails now and then', () => assert.ok(process.hrtime.bigint() % 2n === 0n));
`;
const CLOCK_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';

test('a price of ' + process.hrtime.bigint(), () => assert.equal(1, 1));
`;
const CURRENCY_TEST = `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { format } from '../src/price.js';

test('the currency stands before the amount', () => assert.equal(format(700), 'EUR 7.00'));
`;
const STORED_TEST = `import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

test('stored prices are a list', () => assert.ok(Array.isArray(JSON.parse(readFileSync('test/fixtures/prices.json', 'utf8')))));
`;

const LIST_TEST = `import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { format } from '../src/price.js';

const LIST = JSON.parse(readFileSync('test/fixtures/amounts.json', 'utf8'));
test('amounts are written as in the list', () => assert.deepEqual(LIST.map(([cents]) => format(cents)), LIST.map(([, text]) => text)));
`;

export const CHANGED_TESTS: Case[] = [
  workCase('P1: a test that must change with the code is updated by the Test Auditor', {
    files: { 'src/price.js': WITH_CURRENCY },
    updatedTests: updatedPriceTest(UPDATED_TEST),
    testLabel: 'cents are written as an amount',
  }),
  workCase('P2: data that a new test reads has no test of its own, and needs none', {
    files: { 'src/price.js': WITH_CURRENCY },
    tests: { 'test/list.test.js': LIST_TEST, 'test/fixtures/amounts.json': '[[1205, "EUR 12.05"]]\n' },
    updatedTests: updatedPriceTest(UPDATED_TEST),
    testLabel: 'amounts are written as in the list',
  }),
  workCase('P1: the Test Auditor gives an updated test another name', {
    files: { 'src/price.js': WITH_CURRENCY },
    updatedTests: updatedPriceTest(UPDATED_TEST.replace('cents are written as an amount', 'amounts have a currency')),
    testLabel: 'amounts have a currency',
  }),
  workCase('P1: the Code Writer only adds test cases to an old test file', {
    files: {
      'src/price.js': PRICE.replace('count }) => sum', 'count = 1 }) => sum'),
      'test/price.test.js': `${PRICE_TEST}test('one piece is meant where no number is said', () => assert.equal(total([{ cents: 250 }]), 250));\n`,
    },
    testLabel: 'one piece is meant where no number is said',
  }),
  workCase('P1: a test file moves beside its source', {
    files: {
      'src/discount.js': DISCOUNT,
      'test/price.test.js': null,
      'test/unit/price.test.js': PRICE_TEST.replace('../src', '../../src'),
    },
    tests: {
      'test/discount.audit.test.js': `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toPay } from '../src/discount.js';

test('a large basket gets a tenth off', () => assert.equal(toPay([{ cents: 10000, count: 1 }]), 9000));
`,
    },
    testLabel: 'a large basket gets a tenth off',
  }),
  heldCase(
    workCase('P1: an old test is updated for a criterion that the plan does not have', {
      files: { 'src/price.js': WITH_CURRENCY },
      updatedTests: updatedPriceTest(UPDATED_TEST, 'C9'),
      testLabel: 'cents are written as an amount',
    }),
    ['updated test', /C9, which the plan does not have/],
  ),
  heldCase(
    workCase('P1: a test that the change leaves green is updated', {
      files: { 'src/discount.js': DISCOUNT },
      updatedTests: updatedPriceTest(PRICE_TEST.replace(/test\('an empty[^\n]*\n/, '')),
      testLabel: 'a basket is added up',
    }),
    ['updated test', /turned (none of its tests|no old test) red/],
  ),
  heldCase(
    workCase('P1: an updated test loses another test of its file', {
      files: { 'src/price.js': WITH_CURRENCY },
      updatedTests: updatedPriceTest(UPDATED_TEST.replace(/test\('an empty[^\n]*\n/, '')),
      testLabel: 'cents are written as an amount',
    }),
    ['lost tests', /an empty basket costs nothing/],
  ),
  heldCase(
    workCase('P1: an updated test passes without the change, too', {
      files: { 'src/price.js': WITH_CURRENCY },
      updatedTests: updatedPriceTest(PRICE_TEST.replace("'12.05'", 'format(1205)')),
      testLabel: 'cents are written as an amount',
    }),
    ['negative control', /cents are written as an amount/],
  ),
  heldCase(
    workCase('P1: the Code Writer changes the old expectation by itself', {
      files: { 'src/price.js': WITH_CURRENCY, 'test/price.test.js': UPDATED_TEST },
      testLabel: 'cents are written as an amount',
    }),
    ['tampering', /price\.test\.js/],
  ),
  workCase(
    'P1: a changed test that a person approved kept its name',
    {
      files: { 'src/price.js': WITH_CURRENCY, 'test/price.test.js': MORE_TESTS.replace("'12.05'", "'EUR 12.05'") },
      testLabel: 'cents are written as an amount',
    },
    (build) => {
      build.isApproved = true;
    },
  ),
  {
    name: 'data in a folder that is named like one of tests is changed, and no test reads it',
    project: nodeTill,
    alter: (build) => {
      build.base['spec/openapi.yaml'] = 'openapi: 3.1.0\npaths: {}\n';
      build.code[0].files['spec/openapi.yaml'] = 'openapi: 3.1.0\npaths:\n  /pay: {}\n';
    },
  },
  heldCase(
    {
      name: 'data that an old test reads is changed',
      project: nodeTill,
      alter: (build) => {
        build.base['test/fixtures/prices.json'] = '[599]\n';
        build.base['test/stored.test.js'] = STORED_TEST;
        build.code[0].files['test/fixtures/prices.json'] = '[600]\n';
      },
    },
    ['tampering', /prices\.json/],
  ),
  {
    name: 'P6: an unrelated test is red before and after',
    project: nodeTill,
    alter: (build) => {
      build.base['test/old.test.js'] = RED_TEST;
    },
  },
  workCase(
    'P6: a test that was red before is updated, and shows the change by turning green',
    {
      files: { 'src/price.js': WITH_CURRENCY },
      updatedTests: [
        ...updatedPriceTest(UPDATED_TEST),
        ...updatedPriceTest(CURRENCY_TEST).map((one) => ({ ...one, path: 'test/old.test.js' })),
      ],
      testLabel: 'the currency stands before the amount',
    },
    (build) => {
      build.base['test/old.test.js'] = CURRENCY_TEST.replace("'EUR 7.00'", "'7.00 EUR'");
    },
  ),
  {
    name: 'P6: the name of an old test holds a time, and is another one in each run',
    project: nodeTill,
    alter: (build) => {
      build.base['test/old.test.js'] = CLOCK_TEST;
    },
  },
  {
    name: 'P6: an old test fails now and then',
    project: nodeTill,
    alter: (build) => {
      build.base['test/old.test.js'] = FLAKY_TEST;
    },
  },
];
