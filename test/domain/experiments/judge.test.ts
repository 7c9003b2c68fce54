/**
 * Judges broken units: code that no test needs is reported, but only after two unnoticed runs.
 */
import { findingText } from '../../../src/domain/experiments/summary';
import type { Answer } from '../../../src/domain/experiments/compare';
import {
  judgeUnits,
  findUnprovenKept,
  findCommandOnlyFailures,
  unitsToRepeat,
} from '../../../src/domain/experiments/judge';
import type { AskedUnit } from '../../../src/domain/experiments/judge';
import type { Unit } from '../../../src/domain/experiments/units';
import { verifies } from '../../requirements/verifies';

const price = { name: 'price', line: 3 };

function unit(kind: Unit['kind'], line: number, owner: Unit['owner'] = price): Unit {
  return { path: 'src/till.js', line, kind, owner, says: `${kind} at ${line}`, edit: { from: 0, to: 0, text: '' } };
}
const answer = (outcome: Answer['outcome'], ...red: string[]): Answer => ({
  outcome,
  red: red.map((name) => ({ file: 'test/till.test.js', name })),
});
const noticed = (target: Unit, ...red: string[]): AskedUnit => ({
  unit: target,
  answer: answer('noticed', ...red),
  repeated: null,
});
const unnoticedOnce = (target: Unit): AskedUnit => ({ unit: target, answer: answer('unnoticed'), repeated: null });
const unnoticedTwice = (target: Unit): AskedUnit => ({
  unit: target,
  answer: answer('unnoticed'),
  repeated: answer('unnoticed'),
});
const notRun = (target: Unit): AskedUnit => ({ unit: target, answer: answer('not_run'), repeated: null });
const kinds = (all: AskedUnit[]): string[] => judgeUnits(all).findings.map(({ kind }) => kind);

test('a changed function without a noticed break is reported with its line and its breaks', () => {
  const [found] = judgeUnits([unnoticedTwice(unit('function', 3)), unnoticedTwice(unit('constant', 4))]).findings;
  expect(found).toMatchObject({ kind: 'function_not_needed', path: 'src/till.js', line: 3, mender: 'code_writer' });
  expect(found?.says).toMatch(/price: no test notices when it is broken \(function at 3; constant at 4\)/);
});

test("an approval stays valid if other breaks of the function were tried, and not if the file's text changes", () => {
  const textOf = (units: AskedUnit[], file: string): string => {
    const [one] = judgeUnits(units).findings;
    if (one === undefined) throw new Error('nothing was found');
    return findingText(one, file);
  };
  const approved = textOf([unnoticedTwice(unit('function', 3))], 'a');
  expect(textOf([unnoticedTwice(unit('function', 3)), unnoticedTwice(unit('constant', 4))], 'a')).toBe(approved);
  expect(textOf([unnoticedTwice(unit('function', 3))], 'b')).not.toBe(approved);
});

test('an approval of one function does not cover another with the same name in the file', () => {
  const owned = (line: number) => unnoticedTwice(unit('function', line, { name: 'render', line }));
  const texts = judgeUnits([owned(3), owned(9)]).findings.map((one) => findingText(one, 'a'));
  expect(new Set(texts).size).toBe(2);
});

test('one noticed break is enough for a function', () => {
  expect(kinds([noticed(unit('constant', 4)), unnoticedTwice(unit('function', 3))])).toEqual([]);
});

test('a function is reported if tests only notice that it throws', () => {
  expect(
    kinds([noticed(unit('function', 3)), unnoticedTwice(unit('value', 3)), unnoticedTwice(unit('constant', 4))]),
  ).toEqual(['function_not_needed']);
});

test('a unit that was unnoticed once is not reported but tried again', () => {
  const all = [unnoticedOnce(unit('function', 3)), unnoticedOnce(unit('branch', 5))];
  expect(kinds(all)).toEqual([]);
  expect(unitsToRepeat(all).map(({ kind }) => kind)).toEqual(['function', 'branch']);
});

test('a break that the second run notices counts as noticed', () => {
  const flaky = { ...unnoticedOnce(unit('function', 3)), repeated: answer('noticed') };
  expect(kinds([flaky])).toEqual([]);
  expect(judgeUnits([flaky])).toMatchObject({ asked: 1, noticed: 1, sharePercent: 100 });
});

test('a break with which no test ran is not counted', () => {
  expect(judgeUnits([notRun(unit('function', 3))])).toEqual({
    ...{ findings: [], asked: 0, noticed: 0, notRun: 1, sharePercent: null },
  });
});

test('a branch that no test takes is reported even if its function is needed', () => {
  expect(kinds([noticed(unit('value', 3)), unnoticedTwice(unit('branch', 5))])).toEqual(['branch_never_taken']);
});

test('a share below the floor is reported if four or more breaks were tried and unnoticed ones ran twice', () => {
  const constantAt = (line: number): Unit => unit('constant', line, null);
  const few = [noticed(constantAt(1)), unnoticedTwice(constantAt(2)), unnoticedTwice(constantAt(3))];
  expect(kinds(few)).toEqual([]);
  expect(kinds([...few, unnoticedTwice(constantAt(4))])).toEqual(['share_below_floor']);
  expect(kinds([...few, unnoticedOnce(constantAt(4))])).toEqual([]);
  expect(unitsToRepeat([...few, unnoticedOnce(constantAt(4))])).toEqual([constantAt(4)]);
});

verifies('9.8');
test('a lower floor reports less, a higher floor more', () => {
  const constantAt = (line: number): Unit => unit('constant', line, null);
  const all = [
    noticed(constantAt(1)),
    unnoticedTwice(constantAt(2)),
    unnoticedTwice(constantAt(3)),
    unnoticedTwice(constantAt(4)),
  ];
  expect(judgeUnits(all, 20).findings).toEqual([]);
  expect(judgeUnits([...all, noticed(constantAt(5)), noticed(constantAt(6))], 60).findings).toHaveLength(1);
});

test('for a plan that promises nothing new, existing tests must notice the breaks', () => {
  const old = new Set(['test/till.test.js\nadds']);
  expect(findUnprovenKept([noticed(unit('value', 3), 'adds', 'new one')], old)).toEqual([]);
  expect(findUnprovenKept([noticed(unit('value', 3), 'new one')], old)).toMatchObject([
    { kind: 'kept_not_shown', line: 3 },
  ]);
  // If the run names no tests, old and new tests cannot be distinguished.
  expect(findUnprovenKept([noticed(unit('value', 3))], old)).toEqual([]);
});

test('a function whose breaks only make the command fail is reported to a person', () => {
  const commandFailure = {
    unit: unit('function', 3),
    answer: { ...answer('not_run'), endsBadly: true as const },
    repeated: null,
  };
  expect(findCommandOnlyFailures([commandFailure])).toMatchObject([
    { kind: 'nothing_asked', line: 3, mender: 'person' },
  ]);
  expect(findCommandOnlyFailures([commandFailure, noticed(unit('value', 4), 'adds')])).toEqual([]);
});

const topLevel = (kind: Unit['kind'], line: number, mark?: Unit['mark']): Unit => ({ ...unit(kind, line, null), mark });

test('a file is reported if no break of it is noticed, nor that it cannot be loaded', () => {
  const broken = [unnoticedTwice(topLevel('constant', 1)), unnoticedOnce(topLevel('statement', 2))];
  expect(kinds([...broken, unnoticedTwice(topLevel('statement', 1, 'load'))])).toEqual(['file_not_needed']);
  expect(kinds([...broken, unnoticedOnce(topLevel('statement', 1, 'load'))])).toEqual([]);
  expect(kinds([...broken, noticed(topLevel('statement', 1, 'load'))])).toEqual([]);
  expect(kinds(broken)).toEqual([]);
});

test('a file that only puts parts together is not reported', () => {
  const load = unnoticedTwice(topLevel('statement', 1, 'load'));
  expect(
    kinds([unnoticedTwice(topLevel('statement', 2)), unnoticedTwice(topLevel('constant', 3, 'plain')), load]),
  ).toEqual([]);
});

test('a file with a reported function is not reported again', () => {
  const all = [
    unnoticedTwice(unit('function', 3)),
    unnoticedTwice(topLevel('constant', 1)),
    unnoticedTwice(topLevel('statement', 1, 'load')),
  ];
  expect(kinds(all)).toEqual(['function_not_needed']);
});

test('a changed value in a data file must be noticed, in two runs', () => {
  expect(kinds([unnoticedTwice(topLevel('constant', 1, 'data'))])).toEqual(['file_not_needed']);
  expect(unitsToRepeat([unnoticedOnce(topLevel('constant', 1, 'data'))])).toHaveLength(1);
  expect(kinds([unnoticedTwice(topLevel('constant', 1, 'data')), noticed(topLevel('constant', 2, 'data'))])).toEqual(
    [],
  );
});

test('a statement with an outside effect is reported if its file is needed and its removal is unnoticed', () => {
  const statement = topLevel('statement', 2, 'outside');
  expect(kinds([noticed(topLevel('constant', 1)), unnoticedTwice(statement)])).toEqual(['statement_not_needed']);
  expect(kinds([noticed(topLevel('constant', 1)), noticed(statement)])).toEqual([]);
  expect(kinds([unnoticedTwice(statement)])).toEqual([]);
  expect(unitsToRepeat([noticed(topLevel('constant', 1)), unnoticedOnce(statement)])).toEqual([statement]);
});

test('a removed guard that no test needs is reported', () => {
  const guard: Unit = { ...unit('hunk', 4), mark: 'guard', condition: 'user.role' };
  expect(kinds([noticed(unit('value', 3)), unnoticedTwice(guard)])).toEqual(['guard_taken_away']);
  expect(kinds([noticed(unit('value', 3)), noticed(guard)])).toEqual([]);
});
