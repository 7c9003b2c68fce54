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
const look = (setting: ReplaySetting, answer?: string) => ({
  setting,
  answers: new Map(answer === undefined ? [] : [[1, answer] as const]),
});

const first = (bare: string | undefined, again = bare, more: { later?: string; none?: string } = {}) =>
  judgeFirst(
    [CALL],
    {
      ...{ bare: look(BARE, bare), again: look(BARE_AGAIN, again) },
      later: [look({ ...BARE, shiftMs: 1 }, more.later ?? bare)],
      interfaces: [look({ ...BARE, interfaces: 'none' }, more.none ?? bare)],
    },
    () => true,
  );

test('the first replay distinguishes equal, varying and differing answers', () => {
  expect(first('value 1')).toEqual({ findings: [], notes: [], suspects: [] });
  expect(first('value 2', 'value 3').notes).toEqual([expect.stringMatching(/each time/)]);
  expect(first('value 2').suspects).toEqual([CALL]);
  expect(first(undefined).suspects).toEqual([CALL]);
  expect(first('value 1', 'value 1', { later: 'value 2' }).findings).toMatchObject([{ under: 'at a later date' }]);
  expect(first('value 1', 'value 1', { none: 'value 2' }).findings).toMatchObject([
    { under: 'without a loopback interface' },
  ]);
  expect(first('value 1', 'value 1', { none: 'value "127.0.0.1"' }).notes).toHaveLength(1);
});

test.each([
  ['a usual variable explains it', { usual: 'value 1' }, /variable of its environment/],
  ['the tests cannot be imitated', {}, /could not be asked outside/],
  ['it cannot be loaded', { asTests: 'unloaded Error' }, /could not be loaded/],
  ['alone it is the same', { asTests: 'value 1', alone: 'value 1' }, /calls before it/],
])('a difference is only a note if %s', (_, answers: Record<string, string>, note) => {
  const { findings, notes } = further(answers);
  expect({ findings, notes }).toEqual({ findings: [], notes: [expect.stringMatching(note)] });
});

test.each(TEST_RUN_SIGNS.map(({ under }, index) => [under, index] as const))(
  'a difference that disappears only %s is a finding',
  (under, index) => {
    expect(further({ asTests: 'value 1' }, index)).toMatchObject({
      findings: [{ under, answered: 'value 2' }],
      notes: [],
    });
  },
);

test('a difference that no single sign explains is reported as outside of a test run', () => {
  expect(further({ asTests: 'value 1' })).toMatchObject({ findings: [{ under: 'outside of a test run' }] });
});

function further({ usual, asTests, alone }: Record<string, string>, part = -1) {
  return judgeFurther([CALL], look(BARE, 'value 2'), {
    ...{ usual: look(USUAL, usual ?? 'value 2'), asTests: look(AS_TESTS, asTests ?? 'value 2') },
    parts: TEST_RUN_SIGNS.map(({ setting }, index) => look(setting, index === part ? 'value 1' : 'value 2')),
    alone: look(BARE, alone ?? 'value 2'),
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
  const looks = { later: [], interfaces: [] };
  const bare = look(BARE, 'value "/codespace/src"');
  const again = look(BARE_AGAIN, 'value "/livespace/src"');
  expect(judgeFirst([call], { bare, again, ...looks }, () => false)).toEqual({ findings: [], notes: [], suspects: [] });
});

test('variables of test runners are recognized, others are not', () => {
  const is = (name: string) => isMarker(name, 'x');
  expect(
    ['NODE_TEST_CONTEXT', 'VITEST', 'JEST_WORKER_ID', 'PYTEST_CURRENT_TEST', 'npm_lifecycle_event'].every(is),
  ).toBe(true);
  expect(['JAVA_HOME', 'API_URL', 'LATEST', 'HOME'].some(is)).toBe(false);
  expect(isMarker('APP_ENV', 'test')).toBe(true);
});

test('up to three calls of a function with different arguments are replayed alone', () => {
  const calls = ['[1]', '[1]', '[2]', '[3]', '[4]'].map((args, index) => ({ ...CALL, n: index, args }));
  expect(chooseForSingleReplay(calls).map(({ n }) => n)).toEqual([0, 2, 3]);
  expect(needsTestFolder([CALL], look(BARE, 'unloaded Error'))).toBe(true);
});
