/** Gate `overseer`: the approval of the Verification Overseer, and its findings. */
import { judgeAll, reasonsOf } from '../../../src/domain/gates';
import { verifies } from '../../requirements/verifies';

const known = { paths: ['src/till.js'], tests: [], names: [] };
const objections = (approved: boolean, severity: string) => {
  const entry = { item: 'security', finding: 'the total is not checked', evidence: 'src/till.js:3', severity };
  return reasonsOf(judgeAll('answer_of_overseer', { approved, checklist: [entry], known }));
};

verifies('6.6');
test.each(['major', 'critical'])(
  'bent.md the rest: an approval together with a %s finding is an objection',
  (severity) => {
    expect(objections(true, severity)).toEqual([`security (${severity}): the total is not checked`]);
  },
);

test.each(['none', 'minor'])('an approval together with a finding of severity %s passes', (severity) => {
  expect(objections(true, severity)).toEqual([]);
});

test('a refusal fails the gate, with or without findings', () => {
  expect(objections(false, 'major')).toEqual(['security (major): the total is not checked']);
  expect(objections(false, 'minor')).toEqual(['the Verification Overseer does not approve']);
});
