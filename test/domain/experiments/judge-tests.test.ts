/**
 * A test file that fails without the change must fail with at least one break of it; otherwise it is reported.
 */
import type { Answer } from '../../../src/domain/experiments/compare';
import type { AskedUnit } from '../../../src/domain/experiments/judge';
import { findTestsNeverRed } from '../../../src/domain/experiments/judge-tests';

const CODER_TEST = { file: 'test/discount.test.js', name: 'a tenth off' };
const AUDITOR_TEST = { file: 'test/discount.audit.test.js', name: 'a tenth off, audited' };

function unitWith(outcome: Answer['outcome'], ...red: Answer['red']): AskedUnit {
  const owner = { name: 'toPay', line: 1 };
  const edit = { from: 0, to: 0, text: '' };
  const unit = { path: 'src/discount.js', line: 1, kind: 'value' as const, owner, says: 'another value', edit };
  return { unit, answer: { outcome, red }, repeated: null };
}
const file = (text: string) => ({ path: AUDITOR_TEST.file, text, mender: 'test_auditor' as const });
const TEXT = "jest.mock('../src/discount', () => ({ toPay: () => 9000 }));";
const askedUnits = [unitWith('noticed', CODER_TEST), unitWith('noticed', CODER_TEST)];
const input = {
  files: [file(TEXT)],
  passed: [CODER_TEST, AUDITOR_TEST],
  without: { passed: [], missing: [CODER_TEST, AUDITOR_TEST] },
  asked: askedUnits,
  found: askedUnits.length,
};

test('tests that use a mock instead of the changed module are reported to the role that wrote them', () => {
  expect(findTestsNeverRed(input)).toEqual([
    expect.objectContaining({ kind: 'test_shows_nothing', path: AUDITOR_TEST.file, mender: 'test_auditor' }),
  ]);
});

test('a file is not reported if one break makes one of its tests fail', () => {
  expect(findTestsNeverRed({ ...input, asked: [...askedUnits, unitWith('noticed', AUDITOR_TEST)], found: 3 })).toEqual(
    [],
  );
});

test.each([
  ['that pass without the change, too, are of other code', { without: { passed: [AUDITOR_TEST], missing: [] } }],
  ['that name no file of the change are of other code', { files: [file('a page of style')] }],
  ['that were not run without the change are not reported', { without: null }],
  ['are not reported if a break was left out', { found: 3 }],
  [
    'are not reported if a run does not name the failed tests',
    { asked: [...askedUnits, unitWith('noticed')], found: 3 },
  ],
  ['are not reported if no break was noticed at all', { asked: [unitWith('unnoticed'), unitWith('not_run')] }],
])('tests %s', (_, other) => {
  expect(findTestsNeverRed({ ...input, ...other })).toEqual([]);
});
