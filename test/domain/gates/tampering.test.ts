/**
 * Gate `tampering`: a person decides each file on its own.
 */
import { judgeAll, findingsOf, reasonsOf } from '../../../src/domain/gates';
import { NOW } from '../a-build';

const file = (name: string) => ({
  ...{ path: `test/${name}.test.js`, before: 'a', after: 'b' },
  digest: `sha256:${name.repeat(64)}`,
});
const [A, B] = [file('a'), file('b')];
const approve = (...digests: string[]) =>
  digests.map((digest) => ({ gate: 'tampering', digest, actor: 'ada', at: NOW }));
const verdictsWith = (digests: string[]) =>
  judgeAll('touched_judges', {
    ...{ found: [A, B], wholeDigests: ['sha256:whole'], phase: 'testing' },
    approvals: approve(...digests),
  });

test('each file is its own finding, and an approval of one leaves the other open', () => {
  expect(findingsOf(verdictsWith([])).found.map(({ digest }) => digest)).toEqual([A.digest, B.digest]);
  const afterOneApproval = verdictsWith([A.digest]);
  expect(findingsOf(afterOneApproval).found.map(({ digest }) => digest)).toEqual([B.digest]);
  expect(reasonsOf(afterOneApproval)).toEqual([expect.stringContaining('test/b.test.js changed')]);
  expect(reasonsOf(verdictsWith([A.digest, B.digest]))).toEqual([]);
});

test('an old approval of all files together covers them all', () => {
  expect(reasonsOf(verdictsWith(['sha256:whole']))).toEqual([]);
});

test("the finding for a replaced test file describes only that file's changes", () => {
  const replaced = [
    { path: A.path, lost: ['it adds'], isRewritten: false },
    { path: B.path, lost: [], isRewritten: true },
  ];
  const { found } = findingsOf(
    judgeAll('touched_judges', { found: [A, B], wholeDigests: [], approvals: [], phase: 'testing', replaced }),
  );
  expect(found.map(({ mender }) => mender)).toEqual(['person', 'person']);
  expect(found[0]?.summary).toContain('drops or renames 1 tests that were there before the change: it adds');
  expect(found[0]?.summary).not.toContain('changes tests in it');
  expect(found[1]?.summary).toContain('changes tests in it that the change did not turn red');
});
