/** Gates on changes, as a table: each row alters one fact, and the named gate must fail. */
import type { ChangeFacts } from '../../../src/domain/gates/facts';
import { boundReasons, objectionsOf, verdictOf } from '../../../src/domain/gates/gate';
import { GATES, judgeChange } from '../../../src/domain/gates';
import type { GateName } from '../../../src/domain/gates';
import { changedFile, COMMIT, DIGEST, EVIDENCE, goodFacts, NOW } from './facts';

const good = goodFacts();
const account = good.account;
const deleted = changedFile({ path: 'src/old/parser.js', status: 'deleted', after: null, before: 'b'.repeat(40) });
const gutted = changedFile({ path: 'src/parser.js', status: 'modified', added: 2, removed: 90, linesBefore: 100 });
const emptied = changedFile({
  ...{ path: 'src/till.js', status: 'modified', added: 0, removed: 4, bytes: 0, linesBefore: 4 },
  words: { before: 9, after: 0, kept: 0 },
});
const refilled = { ...gutted, added: 95, removed: 100, words: { before: 80, after: 70, kept: 8 } };

const QUESTION = {
  path: 'src/theme.js',
  lines: [{ line: 3, asks: 'for a global of a test runner', text: 'typeof jest' }],
  digest: DIGEST,
};

const HARM = {
  ...{ path: 'src/theme.js', digest: DIGEST },
  lines: [{ line: 3, does: 'runs text as code', why: 'it cannot be read', text: 'eval(a)' }],
};

const FAILING: Array<[string, GateName, Partial<ChangeFacts>, RegExp]> = [
  ['a plan without criteria', 'plan', { plan: { ...good.plan, criteria: [] } }, /no success criterion/],
  ['a plan that is not tested', 'plan', { plan: { ...good.plan, testingStrategy: ' ' } }, /how it is tested/],
  ['a criterion without a test', 'plan', { plan: { ...good.plan, criteria: [{ id: 'C1', testedBy: '' }] } }, /C1/],
  ['no test run', 'tests', { evidence: null }, /no test run/],
  ['stale evidence', 'tests', { evidence: { ...EVIDENCE, commit: 'e'.repeat(40) } }, /not on cccccccccccc/],
  ['red tests', 'tests', { evidence: { ...EVIDENCE, exitCode: 1 } }, /exit code 1/],
  ['an unreported criterion', 'criteria', { criteria: { report: [], tests: null } }, /C1 has no test/],
  ['a criterion that is not met', 'criteria', criteria({ satisfied: false }), /not satisfied/],
  [
    'a criterion by a test that never ran',
    'criteria',
    criteria({ testedBy: 'test/other.test.js: something' }),
    /no test that ran/,
  ],
  ['a criterion by a skipped test', 'criteria', criteria({}, false), /none of the tests named for it passed/],
  ['a syntax error', 'types', checks({ findings: ['src/a.js:3: Unexpected token'] }), /syntax: src\/a.js:3/],
  ['a build that fails', 'types', checks({ exitCode: 2 }), /exit code 2/],
  ['a build that hangs', 'types', checks({ timedOut: true, exitCode: null }), /ran out of time/],
  [
    'a program passed as text that hangs',
    'types',
    checks({ timedOut: true, exitCode: null, shown: 'node (parse) 3 files' }),
    /build: node \(parse\) 3 files ran out of time/,
  ],
  ['a check of another commit', 'types', checks({ commit: 'e'.repeat(40) }), /another commit/],
  ['an unclaimed change', 'files', work({ accounted: [] }), /was not written/],
  ['a foreign commit', 'files', work({ phase: null }), /no work of this build/],
  [
    'a file said to be changed',
    'files',
    handOver('src/x.js', 'a'.repeat(40)),
    /src\/x.js was handed over as changed, but is as it was/,
  ],
  ['a file that differs', 'files', handOver('src/theme.js', 'f'.repeat(40)), /not what was handed over/],
  ['a file said to be deleted', 'files', handOver('src/theme.js', null), /is there/],
  ['a listed unchanged file', 'files', { account: { ...account, listed: ['src/y.js'] } }, /src\/y.js is listed/],
  ['an unexplained deletion', 'deletions', { files: [deleted] }, /src\/old\/parser.js was deleted and nothing/],
  ['a shortened file', 'deletions', { files: [gutted] }, /lost 88 of 100 lines/],
  ['bent.md the rest: a short source that is emptied', 'deletions', { files: [emptied] }, /till.js lost 4 of 4 lines/],
  [
    'bent.md the rest: a file that is emptied and refilled',
    'deletions',
    { files: [refilled] },
    /parser.js has different content \(8 of 80 words are left\)/,
  ],
  [
    'a deletion named by another path',
    'deletions',
    deletion('src/old/parser.js.bak and lib/src/old/ are gone'),
    /and nothing explains it/,
  ],
  [
    'too many files',
    'size',
    { files: Array.from({ length: 401 }, (_, i) => changedFile({ path: `f${i}.txt` })) },
    /401 files/,
  ],
  ['too many lines', 'size', { files: [changedFile({ added: 20_001 })] }, /20001 lines/],
  ['a large binary', 'size', { files: [changedFile({ binary: true, bytes: 2 ** 20 + 1 })] }, /is binary/],
  ['a secret', 'secrets', secret(true), /src\/a.js:4 holds what looks like a secret \(npm token\)/],
  ['a scanner pragma', 'secrets', secretOf('mark', 'a mark'), /src\/a.js:4 has a mark: no line is excepted/],
  ['a key file', 'secrets', secretOf('file', 'a key file'), /src\/a.js is a key file: take it out/],
  [
    'a secret in a message',
    'secrets',
    secretOf('message', 'npm token'),
    /src\/a.js, line 4, .* write the commit again/,
  ],
  [
    'code that asks whether it is tested',
    'asks_whether_tested',
    { questions: { ...good.questions, files: [QUESTION] } },
    /digest sha256:d{64}\): src\/theme.js: line 3 asks for a global of a test runner; take/,
  ],
  [
    'code that can do harm',
    'harmful_lines',
    { harm: { ...good.harm, files: [HARM] } },
    /digest sha256:d{64}\): src\/theme.js: line 3 runs text as code; write/,
  ],
  ['a change too large to search', 'secrets', { secrets: { findings: [], isWhole: false } }, /too large/],
];

const HARM_APPROVED = { gate: 'harmful_lines', digest: DIGEST, actor: 'ada', at: NOW };
const APPROVED = { gate: 'asks_whether_tested', digest: DIGEST, actor: 'ada', at: NOW };
const PASSING: Array<[string, Partial<ChangeFacts>]> = [
  ['a question that a person approved', { questions: { ...good.questions, files: [QUESTION], approvals: [APPROVED] } }],
  ['harm that a person approved', { harm: { ...good.harm, files: [HARM], approvals: [HARM_APPROVED] } }],
  ['a good change', {}],
  [
    'a deletion that the plan names',
    { files: [deleted], plan: { ...good.plan, paths: ['src/old/parser.js'] }, account: noWork() },
  ],
  ['a deletion named by its path', deletion('Deleted src/old/parser.js: nothing calls it.')],
  ['a deletion named by its folder', deletion('All of src/old/ is gone.')],
  ['a deletion named by its file name', deletion('parser.js is not needed any more')],
  [
    'a moved file',
    { files: [deleted, changedFile({ path: 'lib/parser.js', after: 'b'.repeat(40) })], account: noWork() },
  ],
  ['a file that shrinks by half', { files: [{ ...gutted, removed: 50 }], account: noWork() }],
  ['a small file that shrinks', { files: [{ ...gutted, removed: 8, added: 0, linesBefore: 9 }], account: noWork() }],
  ['an emptied file that is named', saying(emptied, 'src/till.js is empty now: nothing calls it.')],
  ['an explained rewrite', saying(refilled, 'Rewrote src/parser.js by hand.')],
  [
    'a rewrite that the plan names',
    { files: [refilled], plan: { ...good.plan, paths: ['src/parser.js'] }, account: noWork() },
  ],
  ['another layout', { files: [{ ...refilled, words: { before: 80, after: 81, kept: 80 } }], account: noWork() }],
  ['renamed variables', { files: [{ ...refilled, words: { before: 80, after: 80, kept: 40 } }], account: noWork() }],
  [
    'a version that is counted up',
    {
      files: [{ ...emptied, added: 1, removed: 1, linesBefore: 1, words: { before: 3, after: 3, kept: 2 } }],
      account: noWork(),
    },
  ],
  [
    'a short settings file with other settings',
    { files: [{ ...emptied, added: 4, words: { before: 9, after: 9, kept: 1 } }], account: noWork() },
  ],
  ['a rewritten file', { files: [{ ...gutted, added: 95, removed: 100 }], account: noWork() }],
  ['tests counted but not named', { criteria: { ...good.criteria, tests: null } }],
  ['a type check that could not run', { checks: [{ kind: 'types', run: null, notRun: 'no packages' }] }],
  ['no check at all', { checks: [] }],
  [
    'a test that the auditor wrote over',
    {
      account: {
        ...account,
        handedOver: [{ path: 'test/a.test.js', blob: 'f'.repeat(40) }],
        listed: [],
        commits: [{ commit: COMMIT, phase: 'testing', paths: ['test/a.test.js'], accounted: null }],
      },
      files: [changedFile({ path: 'test/a.test.js' })],
    },
  ],
  [
    'a file that one attempt added and the next took away',
    {
      account: {
        ...account,
        handedOver: [{ path: 'till.env', blob: null }],
        commits: [...account.commits, implemented('till.env'), implemented('till.env')],
      },
    },
  ],
  ['a long lock file', { files: [changedFile(), changedFile({ path: 'a.lock', added: 30_000 })], locks: ['a.lock'] }],
];

test.each(FAILING)('%s fails gate %s', (_name, gate, over, reason) => {
  const failed = judgeChange(goodFacts(over)).filter(({ pass }) => !pass);
  expect(failed.map((one) => one.gate)).toContain(gate);
  expect(failed.find((one) => one.gate === gate)?.reasons.join('\n')).toMatch(reason);
});

test.each(PASSING)('%s passes every gate', (_name, over) => {
  expect(objectionsOf(judgeChange(goodFacts(over)))).toEqual([]);
});

test('there is one verdict for each gate, in a fixed order, with its evidence', () => {
  const table = judgeChange(good);
  const judging = GATES.filter(({ judges }) => (judges as readonly string[]).includes('change'));
  expect(table.map(({ gate }) => gate)).toEqual(judging.map(({ name }) => name));
  expect(table.find(({ gate }) => gate === 'tests')?.evidence).toEqual([EVIDENCE.logDigest]);
});

test('a check that was not run is noted in the verdict', () => {
  const [row] = judgeChange(goodFacts({ checks: [{ kind: 'types', run: null, notRun: 'no packages' }] })).filter(
    ({ gate }) => gate === 'types',
  );
  expect(row?.notes).toEqual(['types not checked: no packages']);
});

test('the reasons of all gates together are limited to thirty of at most 300 characters', () => {
  const many = Array.from({ length: 100 }, (_, index) => `${index} ${'x'.repeat(500)}`);
  const all = objectionsOf([verdictOf('files', { reasons: many }), verdictOf('secrets', { reasons: many })]);
  expect(all).toHaveLength(30);
  expect(Math.max(...all.map((reason) => reason.length))).toBeLessThanOrEqual(300);
  expect(boundReasons(many).at(-1)).toBe('and 71 more');
});

function criteria(over: object, passed = true): Partial<ChangeFacts> {
  const { report, tests } = good.criteria;
  return {
    criteria: {
      report: report.map((one) => ({ ...one, ...over })),
      tests: (tests ?? []).map((one) => ({ ...one, passed })),
    },
  };
}
function checks(over: { findings?: string[] } & Partial<typeof EVIDENCE>): Partial<ChangeFacts> {
  const { findings = [], ...run } = over;
  return {
    checks: [{ kind: findings.length > 0 ? 'syntax' : 'build', run: { ...EVIDENCE, kind: 'build', ...run }, findings }],
  };
}
function work(over: object): Partial<ChangeFacts> {
  return { account: { ...account, commits: account.commits.map((one) => ({ ...one, ...over })) } };
}
function implemented(path: string) {
  return { commit: COMMIT, phase: 'implementation', paths: [path], accounted: [path] };
}
function handOver(path: string, blob: string | null): Partial<ChangeFacts> {
  return { account: { ...account, handedOver: [{ path, blob }], listed: [] } };
}
function noWork() {
  return { commits: [], handedOver: [], listed: [], said: '' };
}
function saying(file: typeof gutted, said: string): Partial<ChangeFacts> {
  return { files: [file], account: { ...noWork(), said } };
}
function deletion(said: string): Partial<ChangeFacts> {
  return { files: [deleted], account: { ...noWork(), said } };
}
function secretOf(of: 'file' | 'mark' | 'message', rule: string): Partial<ChangeFacts> {
  return { secrets: { findings: [{ path: 'src/a.js', line: 4, rule, of }], isWhole: true } };
}
function secret(isWhole: boolean): Partial<ChangeFacts> {
  return { secrets: { findings: [{ path: 'src/a.js', line: 4, rule: 'npm token' }], isWhole } };
}
