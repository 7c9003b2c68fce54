/**
 * Gates on the Test Auditor's answer.
 */
import { judgeAll, reasonsOf } from '../../../src/domain/gates';
import { EVIDENCE } from './facts';

test('all objections of the Test Auditor reach the role unshortened', () => {
  const objections = Array.from({ length: 40 }, (_, index) => `${index} ${'x'.repeat(800)}`);
  const report = { verdict: 'fail' as const, objections, criteria: [] };
  const asked = { newCriteria: [], without: null, tests: null, isNew: true, keepsAll: false, alters: 'code' as const };
  const facts = { criteria: [], report, added: { foreign: [], refused: null }, evidence: EVIDENCE };
  expect(reasonsOf(judgeAll('answer_of_auditor', { ...facts, ...asked }))).toEqual(objections);
});

test.each([
  ['with a test that fails without the change, passes', true, []],
  ['without such a test is refused', false, [expect.stringContaining('the plan is about documents')]],
])('a plan about documents %s', (_what, shows, reasons) => {
  const control = { files: 1, green: [], shows };
  const evidence = { ...EVIDENCE, integrity: EVIDENCE.integrity && { ...EVIDENCE.integrity, control } };
  const report = { verdict: 'pass' as const, objections: [], criteria: [] };
  const asked = {
    newCriteria: [],
    without: null,
    tests: null,
    isNew: true,
    keepsAll: false,
    alters: 'documents' as const,
  };
  const facts = { criteria: [], report, added: { foreign: [], refused: null }, evidence, ...asked };
  const { something_new: found } = Object.fromEntries(
    judgeAll('answer_of_auditor', facts).map(({ gate, ...one }) => [gate, one]),
  );
  expect(found?.reasons).toEqual(reasons);
});

test('a Test Auditor that excludes files from the run gets an objection', () => {
  const report = { verdict: 'pass' as const, objections: [], criteria: [] };
  const asked = { newCriteria: [], without: null, tests: null, isNew: true, keepsAll: false, alters: 'code' as const };
  const added = { foreign: [], leftOut: ['tests/conftest.py:3 leaves files out of what is collected'], refused: null };
  const judged = judgeAll('answer_of_auditor', { criteria: [], report, added, evidence: EVIDENCE, ...asked });
  expect(reasonsOf(judged)).toEqual([expect.stringContaining('tests/conftest.py:3 leaves files out')]);
});
