/** Classifies what a diff alters: code, documents that the plan names, or nothing. */
import { classifyAlteration } from '../../../src/domain/evidence/executable';

const diffOf = (path: string, ...lines: string[]): string =>
  [`diff --git a/${path} b/${path}`, `--- a/${path}`, `+++ b/${path}`, '@@ -1 +1 @@', ...lines, ''].join('\n');

test.each([
  ['a line of code', diffOf('src/a.ts', '-let a = 1;', '+let a = 2;'), 'code'],
  ['a comment', diffOf('src/a.ts', '+// why'), 'nothing'],
  ['a blank line', diffOf('src/a.py', '+   '), 'nothing'],
  ['a test', diffOf('test/a.test.ts', '+let a = 2;'), 'nothing'],
  ['a file of no known kind', diffOf('data/rates.dat', '+# 12'), 'code'],
  ['a new mode', 'diff --git a/bin/run b/bin/run\nold mode 100644\nnew mode 100755\n', 'code'],
  ['a document that the plan names', diffOf('README.md', '+## Refunds'), 'documents'],
  ['a document that the plan does not name', diffOf('docs/other.md', '+## Refunds'), 'nothing'],
  ['a document that the plan names, and code', diffOf('README.md', '+a') + diffOf('src/a.ts', '+let a;'), 'code'],
  ['a blank line of a document', diffOf('README.md', '+'), 'nothing'],
  ['only the mode of a document', 'diff --git a/README.md b/README.md\nold mode 100644\nnew mode 100755\n', 'nothing'],
  ['a header in the text of a document', diffOf('docs/other.md', '+x\u2028diff --git a/x.ts b/x.ts'), 'nothing'],
  ['nothing', '', 'nothing'],
])('with a plan about README.md, a change of %s', (_what, diff, altered) => {
  expect(classifyAlteration(diff, ['./README.md', 'test/readme.test.ts'])).toBe(altered);
});

test('a changed document counts as nothing if the plan also names code', () => {
  expect(classifyAlteration(diffOf('README.md', '+## Refunds'), ['src/price.ts', 'README.md'])).toBe('nothing');
});
