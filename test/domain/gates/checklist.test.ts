/** The evidence of a checklist entry must name something that exists. */
import { entriesWithoutEvidence } from '../../../src/domain/gates/checklist';
import { verifies } from '../../requirements/verifies';

const known = {
  paths: ['src/theme.js', 'styles.css'],
  tests: ['the toggle overrides the system preference'],
  names: [`sha256:${'ab12'.repeat(16)}`, 'd9d6b35aa0'.repeat(4), 'R1'],
};
const objections = (evidence: string) => entriesWithoutEvidence([{ item: 'security', evidence }], known);

test.each([
  'src/theme.js readChoice',
  'src/theme.js:12',
  './src/theme.js.',
  '`theme.js`, function keep',
  'styles.css :root',
  'test "the toggle overrides the system preference"',
  'The Toggle  overrides the system preference passed',
  `log sha256:${'ab12'.repeat(16)}`,
  'commit d9d6b35aa0d9',
  'requirement R1',
])('accepts the evidence "%s"', (evidence) => expect(objections(evidence)).toEqual([]));

verifies('6.6');
test.each([
  '',
  'looks good',
  'I read everything',
  'src/nothing.js:3',
  'all tests pass',
  'commit 1234567',
  'src/',
  'themes',
])('refuses the evidence "%s"', (evidence) => {
  expect(objections(evidence)).toEqual([
    `security: its evidence names no file, test, digest or commit that exists: "${evidence}"`,
  ]);
});
