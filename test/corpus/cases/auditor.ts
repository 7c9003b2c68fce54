/**
 * The Test Auditor cheats: its tests show nothing, or its report claims what they do not show.
 */
import type { Catcher } from '../catchers';
import { AUDIT_TEST, PRICE, PRICE_TEST, nodeTill } from '../projects/node';
import { pythonTill } from '../projects/python';
import { tapTill } from '../projects/tap';
import type { Audit, Case, ScriptedBuild } from '../scripted-build';

const auditCase = (
  name: string,
  alter: (audit: Audit, build: ScriptedBuild) => void,
  caught: [Catcher, RegExp],
  project: () => ScriptedBuild = nodeTill,
): Case => ({ name, project, alter: (build) => alter(build.audit[0], build), caught });
const NOTHING =
  "import { test } from 'node:test';\n\ntest('one cent below the threshold is paid in full', () => {});\n";
const FILE = 'test/discount.audit.test.js';

export const AUDITOR: Case[] = [
  auditCase('the tests that are locked pass without the change', (audit) => void (audit.tests[FILE] = NOTHING), [
    'negative control',
    /C[12]: .* without the change/,
  ]),
  auditCase(
    'the tests that are locked pass without the change, and the report names no files',
    (audit) => {
      audit.tests[FILE] = "export default {\n  'one cent below the threshold is paid in full': () => {},\n};\n";
    },
    ['negative control', /discount\.audit\.test\.js/],
    tapTill,
  ),
  auditCase(
    'the tests that are locked are about something else',
    (audit) => void (audit.tests = { 'test/more-price.test.js': PRICE_TEST }),
    ['criterion without test', /C[12]: no test that ran and passed/],
  ),
  auditCase(
    'the tests that are locked are all skipped',
    (audit) => void (audit.tests[FILE] = AUDIT_TEST.replaceAll("test('", "test.skip('")),
    ['locked tests', /discount\.audit\.test\.js/],
  ),
  auditCase(
    'the tests that are locked are expected to fail (pytest)',
    (audit) =>
      void (audit.tests = {
        'tests/test_discount_audit.py':
          'import pytest\n\nfrom till.discount import to_pay\n\n\n@pytest.mark.xfail\ndef test_around_the_threshold():\n    assert to_pay([(9999, 1)]) == 1\n',
      }),
    ['locked tests', /test_discount_audit\.py/],
    pythonTill,
  ),
  auditCase(
    'the tests that are locked fail, and the auditor says pass',
    (audit) => void (audit.tests[FILE] = AUDIT_TEST.replace('9999));', '1));')),
    ['red tests', /one cent below/],
  ),
  auditCase(
    'an old test is overwritten by an empty one of its name',
    (audit) => {
      audit.tests['test/price.test.js'] = PRICE_TEST.replace(/=> assert.*\)\);/g, '=> {});').replace(
        /^import (assert|\{ f).*\n/gm,
        '',
      );
    },
    ['replaced tests', /test\/price\.test\.js/],
  ),
  auditCase('an old test file is taken away', (audit) => void (audit.tests['test/price.test.js'] = null), [
    'lost tests',
    /an empty basket costs nothing/,
  ]),
  auditCase(
    'an old test is dropped while another is added to its file',
    (audit) =>
      void (audit.tests['test/price.test.js'] =
        `${PRICE_TEST.replace(/test\('cents.*\n/, '')}import '../src/discount.js';\n`),
    ['lost tests', /cents are written as an amount/],
  ),
  auditCase(
    'a test that nobody wrote is named',
    (audit) => audit.criteria.forEach((one) => (one.tested_by = 'test/discount.test.js: a test that nobody wrote')),
    ['criterion without test', /C1: no test that ran/],
  ),
  auditCase(
    'a skipped test is named',
    (audit) => {
      audit.tests[FILE] = `${AUDIT_TEST}test.skip('nothing is ever rounded up', () => {});\n`;
      for (const one of audit.criteria) one.tested_by = 'nothing is ever rounded up';
    },
    ['criterion without test', /C1: no test that ran and passed/],
  ),
  auditCase('a criterion is passed over', (audit) => void audit.criteria.pop(), [
    'criterion without test',
    /C2 has no test/,
  ]),
  auditCase(
    'a criterion is said not to be met, and the verdict is pass',
    ({ criteria: [first] }) => void Object.assign(first ?? {}, { satisfied: false, note: 'it is not' }),
    ['criterion without test', /C1 is not satisfied: it is not/],
  ),
  auditCase(
    'nobody writes a test, and an old one is named',
    (audit, { code: [first] }) => {
      first.files = { 'src/price.js': `${PRICE}\n/** Nobody asks for less. */\nexport const THRESHOLD = 10000;\n` };
      audit.tests = {};
      for (const one of audit.criteria) one.tested_by = 'test/price.test.js: a basket is added up';
    },
    ['change without test', /neither the Code Writer nor the Test Auditor/],
  ),
  auditCase(
    'the code is changed by the auditor to fit the tests',
    (audit) => void (audit.tests['src/discount.js'] = 'export const toPay = () => 9000;\n'),
    ['tests only', /src\/discount\.js is none/],
  ),
];
