/**
 * A test file that fails without the change must fail with at least one break of it; otherwise it is reported.
 */
import type { Answer } from '../../../src/domain/experiments/compare';
import type { AskedUnit } from '../../../src/domain/experiments/judge';
import { findTestsNeverRed } from '../../../src/domain/experiments/judge-tests';

const OF_CODER = { file: 'test/discount.test.js', name: 'a tenth off' };
const OF_AUDITOR = { file: 'test/discount.audit.test.js', name: 'a tenth off, audited' };

function broken(outcome: Answer['outcome'], ...red: Answer['red']): AskedUnit {
  const owner = { name: 'toPay', line: 1 };
  const edit = { from: 0, to: 0, text: '' };
  const unit = { path: 'src/discount.js', line: 1, kind: 'value' as const, owner, says: 'another value', edit };
  return { unit, answer: { outcome, red }, repeated: null };
}
const file = (text: string) => ({ path: OF_AUDITOR.file, text, mender: 'test_auditor' as const });
const TEXT = "jest.mock('../src/discount', () => ({ toPay: () => 9000 }));";
const asked = [broken('noticed', OF_CODER), broken('noticed', OF_CODER)];
const told = {
  files: [file(TEXT)],
  passed: [OF_CODER, OF_AUDITOR],
  without: { passed: [], missing: [OF_CODER, OF_AUDITOR] },
  asked,
  found: asked.length,
};

test('tests that use a mock instead of the changed module are reported to the role that wrote them', () => {
  expect(findTestsNeverRed(told)).toEqual([
    expect.objectContaining({ kind: 'test_shows_nothing', path: OF_AUDITOR.file, mender: 'test_auditor' }),
  ]);
});

test('a file is not reported if one break makes one of its tests fail', () => {
  expect(findTestsNeverRed({ ...told, asked: [...asked, broken('noticed', OF_AUDITOR)], found: 3 })).toEqual([]);
});

test.each([
  ['that pass without the change, too, are of other code', { without: { passed: [OF_AUDITOR], missing: [] } }],
  ['that name no file of the change are of other code', { files: [file('a page of style')] }],
  ['that were not run without the change are not reported', { without: null }],
  ['are not reported if a break was left out', { found: 3 }],
  ['are not reported if a run does not name the failed tests', { asked: [...asked, broken('noticed')], found: 3 }],
  ['are not reported if no break was noticed at all', { asked: [broken('unnoticed'), broken('not_run')] }],
])('tests %s', (_, other) => {
  expect(findTestsNeverRed({ ...told, ...other })).toEqual([]);
});
