/** Compares recorded calls with the answers of replays in other processes. */
import {
  replayInput,
  AS_TESTS,
  BARE,
  BARE_AGAIN,
  isMarker,
  TEST_RUN_SIGNS,
  USUAL,
} from '../../../src/domain/experiments/replay-setting';
import type { ReplaySetting, RecordedCall, RecordedGroup } from '../../../src/domain/experiments/replay-setting';
import {
  chooseForSingleReplay,
  needsTestFolder,
  judgeFirst,
  judgeFurther,
} from '../../../src/domain/experiments/judge-replay';

const CALL: RecordedCall = { n: 1, path: 'f.js', kind: 'esm', name: 'f', args: '["/workspace/a"]', answer: 'value 1' };
const GROUP: RecordedGroup = {
  ...{ id: 'a', argv: ['node', '/workspace/f.test.js'], execArgv: [], cwd: '/workspace/sub', main: null, stack: [] },
  ...{ env: { CI: 'true', API: '/workspace/x', PATH: '/bin' }, globals: ['jest'], modules: [], calls: [CALL] },
  search: ['/workspace/src', '/usr/lib'],
};
const replayIn = (setting: ReplaySetting, answer?: string) => ({
  setting,
  answers: new Map(answer === undefined ? [] : [[1, answer] as const]),
});

const judgeFirstReplay = (bare: string | undefined, again = bare, more: { later?: string; none?: string } = {}) =>
  judgeFirst(
    [CALL],
    {
      ...{ bare: replayIn(BARE, bare), again: replayIn(BARE_AGAIN, again) },
      later: [replayIn({ ...BARE, shiftMs: 1 }, more.later ?? bare)],
      interfaces: [replayIn({ ...BARE, interfaces: 'none' }, more.none ?? bare)],
    },
    () => true,
  );

test('the first replay distinguishes equal, varying and differing answers', () => {
  expect(judgeFirstReplay('value 1')).toEqual({ findings: [], notes: [], suspects: [] });
  expect(judgeFirstReplay('value 2', 'value 3').notes).toEqual([expect.stringMatching(/each time/)]);
  expect(judgeFirstReplay('value 2').suspects).toEqual([CALL]);
  expect(judgeFirstReplay(undefined).suspects).toEqual([CALL]);
  expect(judgeFirstReplay('value 1', 'value 1', { later: 'value 2' }).findings).toMatchObject([
    { under: 'at a later date' },
  ]);
  expect(judgeFirstReplay('value 1', 'value 1', { none: 'value 2' }).findings).toMatchObject([
    { under: 'without a loopback interface' },
  ]);
  expect(judgeFirstReplay('value 1', 'value 1', { none: 'value "127.0.0.1"' }).notes).toHaveLength(1);
});

test.each([
  ['a usual variable explains it', { usual: 'value 1' }, /variable of its environment/],
  ['the tests cannot be imitated', {}, /could not be asked outside/],
  ['it cannot be loaded', { asTests: 'unloaded Error' }, /could not be loaded/],
  ['alone it is the same', { asTests: 'value 1', alone: 'value 1' }, /calls before it/],
])('a difference is only a note if %s', (_, answers: Record<string, string>, note) => {
  const { findings, notes } = judgeFurtherReplays(answers);
  expect({ findings, notes }).toEqual({ findings: [], notes: [expect.stringMatching(note)] });
});

test.each(TEST_RUN_SIGNS.map(({ under }, index) => [under, index] as const))(
  'a difference that disappears only %s is a finding',
  (under, index) => {
    expect(judgeFurtherReplays({ asTests: 'value 1' }, index)).toMatchObject({
      findings: [{ under, answered: 'value 2' }],
      notes: [],
    });
  },
);

test('a difference that no single sign explains is reported as outside of a test run', () => {
  expect(judgeFurtherReplays({ asTests: 'value 1' })).toMatchObject({ findings: [{ under: 'outside of a test run' }] });
});

function judgeFurtherReplays({ usual, asTests, alone }: Record<string, string>, part = -1) {
  return judgeFurther([CALL], replayIn(BARE, 'value 2'), {
    ...{ usual: replayIn(USUAL, usual ?? 'value 2'), asTests: replayIn(AS_TESTS, asTests ?? 'value 2') },
    parts: TEST_RUN_SIGNS.map(({ setting }, index) => replayIn(setting, index === part ? 'value 1' : 'value 2')),
    alone: replayIn(BARE, alone ?? 'value 2'),
  });
}

test('a setting replaces the folder everywhere, and includes the variables and globals it names', () => {
  expect(replayInput(GROUP, BARE)).toMatchObject({
    ...{ root: '/codespace', cwd: '/codespace/sub', argv: ['node', '/codespace/main.js'], env: {}, globals: [] },
    ...{ search: ['/codespace/src'], calls: [{ args: '["/codespace/a"]' }] },
  });
  expect(replayInput(GROUP, USUAL).env).toEqual({ API: '/codespace/x' });
  expect(replayInput(GROUP, AS_TESTS)).toMatchObject({
    ...{ argv: GROUP.argv, env: { CI: 'true', API: '/workspace/x' }, globals: ['jest'], calls: [{ args: CALL.args }] },
  });
  expect(replayInput(GROUP, AS_TESTS).calls[0]).not.toHaveProperty('answer');
});

test("an answer with the replay's folder equals the answer with the tests' folder", () => {
  const call = { ...CALL, answer: 'value "/workspace/src"' };
  const otherReplays = { later: [], interfaces: [] };
  const bare = replayIn(BARE, 'value "/codespace/src"');
  const again = replayIn(BARE_AGAIN, 'value "/livespace/src"');
  expect(judgeFirst([call], { bare, again, ...otherReplays }, () => false)).toEqual({
    findings: [],
    notes: [],
    suspects: [],
  });
});

test('variables of test runners are recognized, others are not', () => {
  const isTestVariable = (name: string) => isMarker(name, 'x');
  expect(
    ['NODE_TEST_CONTEXT', 'VITEST', 'JEST_WORKER_ID', 'PYTEST_CURRENT_TEST', 'npm_lifecycle_event'].every(
      isTestVariable,
    ),
  ).toBe(true);
  expect(['JAVA_HOME', 'API_URL', 'LATEST', 'HOME'].some(isTestVariable)).toBe(false);
  expect(isMarker('APP_ENV', 'test')).toBe(true);
});

test('up to three calls of a function with different arguments are replayed alone', () => {
  const calls = ['[1]', '[1]', '[2]', '[3]', '[4]'].map((args, index) => ({ ...CALL, n: index, args }));
  expect(chooseForSingleReplay(calls).map(({ n }) => n)).toEqual([0, 2, 3]);
  expect(needsTestFolder([CALL], replayIn(BARE, 'unloaded Error'))).toBe(true);
});
