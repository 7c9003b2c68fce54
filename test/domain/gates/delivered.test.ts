/** Gate `delivered`: one finding for each file, which a person approves by digest. */
import { deliveredText } from '../../../src/domain/delivered';
import { delivered } from '../../../src/domain/gates/delivered';
import type { Approval } from '../../../src/domain/findings';
import { DIGEST, goodFacts } from './facts';

const FACT = { path: 'src/a.js', line: 3, what: 'has a sign that cannot be seen: U+3164', text: 'const \u3164 = 1;' };
const FILES = [{ path: 'src/a.js', digest: DIGEST, facts: [FACT] }];
const judge = (approvals: Approval[]) =>
  delivered.judge(goodFacts({ delivered: { files: FILES, notes: ['a note'], approvals, phase: 'verification' } }));

test('each file is a finding with digest and line, and the Code Writer can mend it', () => {
  const { reasons, findings, notes } = judge([]);
  expect(reasons).toEqual([`(digest ${DIGEST}) src/a.js:3 has a sign that cannot be seen: U+3164`]);
  expect(findings).toMatchObject([{ digest: DIGEST, mender: 'code_writer', onReject: 'implementation' }]);
  expect(notes).toEqual(['a note']);
});

test('an approval of this digest removes the finding', () => {
  const approval = { gate: 'delivered', digest: DIGEST, actor: 'ada', at: '' };
  expect(judge([approval])).toEqual({ reasons: [], notes: ['a note'], findings: [] });
  expect(judge([{ ...approval, gate: 'origins' }]).findings).toHaveLength(1);
});

test('the text for a person escapes invisible characters, and has the diff if the whole file is judged', () => {
  const change = { path: 'src/a.js', before: '01', after: '02' };
  const diff = 'diff --git a/src/a.js b/src/a.js\n--- a/src/a.js\n+++ b/src/a.js\n@@ -1 +1 @@\n+x\u202e\n';
  expect(deliveredText([FACT], change, diff)).toContain('const \\u{3164} = 1;');
  expect(deliveredText([FACT], change, diff)).not.toContain('+x');
  expect(deliveredText([{ ...FACT, showsWholeChange: true }], change, diff)).toContain('+x\\u{202e}');
});
