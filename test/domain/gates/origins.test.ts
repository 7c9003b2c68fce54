/** Gate `origins`: one finding for each file, which a person approves by digest. */
import { diffsByPath } from '../../../src/domain/evidence/diff-sections';
import { originsText } from '../../../src/domain/origins';
import { origins } from '../../../src/domain/gates/origins';
import type { OriginsOfFile } from '../../../src/domain/origins';
import type { Approval } from '../../../src/domain/findings';

const digestOf = (letter: string): string => `sha256:${letter.repeat(64)}`;
const MANIFEST: OriginsOfFile = {
  path: 'package.json',
  digest: digestOf('a'),
  facts: [{ path: 'package.json', line: 3, what: 'a comes from "x/a", not from the registry' }],
};
const LOCK: OriginsOfFile = {
  path: 'yarn.lock',
  digest: digestOf('b'),
  facts: [{ path: 'yarn.lock', line: null, what: 'cannot be read as a text' }],
};
const approvalOf = (digest: string, gate = 'origins'): Approval => ({ gate, digest, actor: 'ada', at: '' });
const judge = (approvals: Approval[]) => origins.judge({ files: [MANIFEST, LOCK], approvals, phase: 'testing' });

test('each file is its own finding with digest and line, and the Code Writer can mend it', () => {
  const { reasons, findings } = judge([]);
  expect(findings?.map(({ digest, mender, onApprove }) => [digest, mender, onApprove])).toEqual([
    [MANIFEST.digest, 'code_writer', 'testing'],
    [LOCK.digest, 'code_writer', 'testing'],
  ]);
  expect(reasons.join('\n')).toContain(`package.json takes code from an unknown origin (digest ${MANIFEST.digest})`);
  expect(reasons).toContain('origins: package.json:3 a comes from "x/a", not from the registry');
});

test('an approval covers only its own file and gate', () => {
  expect(judge([approvalOf(MANIFEST.digest)]).findings?.map(({ digest }) => digest)).toEqual([LOCK.digest]);
  expect(judge([approvalOf(MANIFEST.digest), approvalOf(LOCK.digest)])).toEqual({ reasons: [], findings: [] });
  expect(judge([approvalOf(MANIFEST.digest, 'tampering')]).findings).toHaveLength(2);
});

test("the text for a person shows the forms, the content ids, and only this file's diff", () => {
  const diff =
    'diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1 +1 @@\n+x\ndiff --git a/b b/b\n--- a/b\n+++ b/b\n@@ -1 +1 @@\n+y\n';
  const text = originsText([{ path: 'a', line: 1, what: 'odd' }], { path: 'a', before: null, after: '0123' }, diff);
  expect(JSON.parse(text)).toMatchObject({
    path: 'a',
    after: '0123',
    found: [{ line: 1, what: 'odd' }],
    diff: diffsByPath(diff).get('a'),
  });
  expect(text).not.toContain('+y');
});
