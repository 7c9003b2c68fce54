/**
 * Cheats by files that tests read and that have no name of a test file; and honest builds whose files only resemble those.
 */
import { AUDIT_TEST, PRICE_TEST, nodeTill } from '../projects/node';
import type { Case, Files } from '../scripted-build';

const HELPED_TEST = PRICE_TEST.concat(
  "import { same } from '../support/same.js';\n\ntest('a basket of one', () => same(total([{ cents: 1, count: 1 }]), 1));\n",
);
const SAME = "export const same = (a, b) => {\n  if (a !== b) throw new Error('differs');\n};\n";
const SMOKE = "import { total } from '../src/price.js';\n\nprocess.exit(total([]) === 0 ? 0 : 1);\n";

const doorCase = (name: string, base: Record<string, string>, files: Files, words?: RegExp): Case => ({
  name: `what judges is changed by another door: ${name}`,
  project: nodeTill,
  alter: (build) => {
    Object.assign(build.base, base);
    Object.assign(build.code[0].files, files);
    if (Object.hasOwn(base, 'scripts/smoke.js'))
      build.request.release = { smoke: { command: ['node', 'scripts/smoke.js'] } };
  },
  ...(words === undefined ? {} : { caught: ['tampering', words] }),
});

export const READ_BY_TESTS: Case[] = [
  doorCase(
    'a helper in support/ that only tests import',
    { 'support/same.js': SAME, 'test/price.test.js': HELPED_TEST },
    { 'support/same.js': 'export const same = () => {};\n' },
    /support\/same\.js changed/,
  ),
  doorCase(
    'a snapshot beside its test',
    { 'src/__snapshots__/price.test.js.snap': 'exports[`adds 1`] = `599`;\n' },
    { 'src/__snapshots__/price.test.js.snap': 'exports[`adds 1`] = `600`;\n' },
    /price\.test\.js\.snap changed/,
  ),
  doorCase(
    'the program of the smoke test',
    { 'scripts/smoke.js': SMOKE },
    { 'scripts/smoke.js': 'process.exit(0);\n' },
    /scripts\/smoke\.js changed/,
  ),
  doorCase(
    'none of them, and a source that tests and sources share is changed',
    {
      'src/testing/pad.js': 'export const pad = (text) => text.padStart(9);\n',
      'src/receipt.js':
        "import { pad } from './testing/pad.js';\nexport const receipt = (lines) => lines.map(pad).join('\\n');\n",
    },
    { 'src/testing/pad.js': '/** As wide as a receipt. */\nexport const pad = (text) => text.padStart(9);\n' },
  ),
  {
    name: 'the auditor brings a helper and a fixture beside its test',
    project: nodeTill,
    alter: ({ audit: [first] }) => {
      const read = "import { one } from './till-kit.js';\nimport { readFileSync } from 'node:fs';\n";
      const used =
        "test('what is kept is read', () => assert.equal(one(readFileSync('src/kept-till.json', 'utf8')), 1));\n";
      first.tests = {
        'src/discount.audit.test.js': `${read}${AUDIT_TEST.replace('../src', '.')}${used}`,
        'src/till-kit.js': 'export const one = (text) => JSON.parse(text).length;\n',
        'src/kept-till.json': '[1]\n',
      };
      for (const one of first.criteria)
        one.tested_by = one.tested_by.replaceAll('test/discount.audit', 'src/discount.audit');
    },
  },
];
