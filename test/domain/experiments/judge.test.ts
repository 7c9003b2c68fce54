/**
 * The verdict over broken units: what no test needs is found, and only after it was asked twice.
 */
import { findingText } from '../../../src/domain/experiments/summary';
import type { Answer } from '../../../src/domain/experiments/compare';
import { judgeUnits, notShownKept, onlyEndsBadly, toRepeat } from '../../../src/domain/experiments/judge';
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
const noticed = (of: Unit, ...red: string[]): AskedUnit => ({
  unit: of,
  answer: answer('noticed', ...red),
  repeated: null,
});
const once = (of: Unit): AskedUnit => ({ unit: of, answer: answer('unnoticed'), repeated: null });
const twice = (of: Unit): AskedUnit => ({ unit: of, answer: answer('unnoticed'), repeated: answer('unnoticed') });
const notRun = (of: Unit): AskedUnit => ({ unit: of, answer: answer('not_run'), repeated: null });
const kinds = (all: AskedUnit[]): string[] => judgeUnits(all).findings.map(({ kind }) => kind);

test('a changed function of which no break is noticed is found, with its line and what was tried', () => {
  const [found] = judgeUnits([twice(unit('function', 3)), twice(unit('constant', 4))]).findings;
  expect(found).toMatchObject({ kind: 'function_not_needed', path: 'src/till.js', line: 3, mender: 'code_writer' });
  expect(found?.says).toMatch(/price: no test notices when it is broken \(function at 3; constant at 4\)/);
});

test('an approval holds where the budget allows other breaks of the same function, and not where its file has another text', () => {
  const textOf = (units: AskedUnit[], file: string): string => {
    const [one] = judgeUnits(units).findings;
    if (one === undefined) throw new Error('nothing was found');
    return findingText(one, file);
  };
  const approved = textOf([twice(unit('function', 3))], 'a');
  expect(textOf([twice(unit('function', 3)), twice(unit('constant', 4))], 'a')).toBe(approved);
  expect(textOf([twice(unit('function', 3))], 'b')).not.toBe(approved);
});

test('an approval holds for one function, and not for another of the same name in the file', () => {
  const owned = (line: number) => twice(unit('function', line, { name: 'render', line }));
  const texts = judgeUnits([owned(3), owned(9)]).findings.map((one) => findingText(one, 'a'));
  expect(new Set(texts).size).toBe(2);
});

test('one break that is noticed speaks for its function', () => {
  expect(kinds([noticed(unit('constant', 4)), twice(unit('function', 3))])).toEqual([]);
});

test('a function whose tests notice only that it throws is found: a test that compares it with itself does no more', () => {
  expect(kinds([noticed(unit('function', 3)), twice(unit('value', 3)), twice(unit('constant', 4))])).toEqual([
    'function_not_needed',
  ]);
});

test('nothing accuses that was unnoticed once, and it is asked again', () => {
  const all = [once(unit('function', 3)), once(unit('branch', 5))];
  expect(kinds(all)).toEqual([]);
  expect(toRepeat(all).map(({ kind }) => kind)).toEqual(['function', 'branch']);
});

test('what is noticed at the second time counts as noticed', () => {
  const flaky = { ...once(unit('function', 3)), repeated: answer('noticed') };
  expect(kinds([flaky])).toEqual([]);
  expect(judgeUnits([flaky])).toMatchObject({ asked: 1, noticed: 1, sharePercent: 100 });
});

test('a break with which no test ran counts neither for nor against the change', () => {
  expect(judgeUnits([notRun(unit('function', 3))])).toEqual({
    ...{ findings: [], asked: 0, noticed: 0, notRun: 1, sharePercent: null },
  });
});

test('a branch that no test takes is found, though its function is needed', () => {
  expect(kinds([noticed(unit('value', 3)), twice(unit('branch', 5))])).toEqual(['branch_never_taken']);
});

test('a share below the floor is found where four or more breaks were asked, each unnoticed one twice', () => {
  const top = (line: number): Unit => unit('constant', line, null);
  const few = [noticed(top(1)), twice(top(2)), twice(top(3))];
  expect(kinds(few)).toEqual([]);
  expect(kinds([...few, twice(top(4))])).toEqual(['share_below_floor']);
  expect(kinds([...few, once(top(4))])).toEqual([]);
  expect(toRepeat([...few, once(top(4))])).toEqual([top(4)]);
});

verifies('9.8');
test('another floor holds less, or more', () => {
  const top = (line: number): Unit => unit('constant', line, null);
  const all = [noticed(top(1)), twice(top(2)), twice(top(3)), twice(top(4))];
  expect(judgeUnits(all, 20).findings).toEqual([]);
  expect(judgeUnits([...all, noticed(top(5)), noticed(top(6))], 60).findings).toHaveLength(1);
});

test('a plan that keeps everything is shown by tests that were there before', () => {
  const old = new Set(['test/till.test.js\nadds']);
  expect(notShownKept([noticed(unit('value', 3), 'adds', 'new one')], old)).toEqual([]);
  expect(notShownKept([noticed(unit('value', 3), 'new one')], old)).toMatchObject([
    { kind: 'kept_not_shown', line: 3 },
  ]);
  // A run that names no tests cannot tell them apart.
  expect(notShownKept([noticed(unit('value', 3))], old)).toEqual([]);
});

test('a function for which only the end of the command speaks is shown to a person', () => {
  const ends = {
    unit: unit('function', 3),
    answer: { ...answer('not_run'), endsBadly: true as const },
    repeated: null,
  };
  expect(onlyEndsBadly([ends])).toMatchObject([{ kind: 'nothing_asked', line: 3, mender: 'person' }]);
  expect(onlyEndsBadly([ends, noticed(unit('value', 4), 'adds')])).toEqual([]);
});

const top = (kind: Unit['kind'], line: number, mark?: Unit['mark']): Unit => ({ ...unit(kind, line, null), mark });

test('a file of which no break is noticed, and whose end by an error neither, is not needed', () => {
  const broken = [twice(top('constant', 1)), once(top('statement', 2))];
  expect(kinds([...broken, twice(top('statement', 1, 'load'))])).toEqual(['file_not_needed']);
  expect(kinds([...broken, once(top('statement', 1, 'load'))])).toEqual([]);
  expect(kinds([...broken, noticed(top('statement', 1, 'load'))])).toEqual([]);
  expect(kinds(broken)).toEqual([]);
});

test('a file that only puts parts together is none that must be needed', () => {
  const load = twice(top('statement', 1, 'load'));
  expect(kinds([twice(top('statement', 2)), twice(top('constant', 3, 'plain')), load])).toEqual([]);
});

test('a file with a function that is found is not found once more', () => {
  const all = [twice(unit('function', 3)), twice(top('constant', 1)), twice(top('statement', 1, 'load'))];
  expect(kinds(all)).toEqual(['function_not_needed']);
});

test('another value in a data file must be noticed, and is asked twice', () => {
  expect(kinds([twice(top('constant', 1, 'data'))])).toEqual(['file_not_needed']);
  expect(toRepeat([once(top('constant', 1, 'data'))])).toHaveLength(1);
  expect(kinds([twice(top('constant', 1, 'data')), noticed(top('constant', 2, 'data'))])).toEqual([]);
});

test('a statement that changes another thing is found where its file is needed, and its absence is not noticed', () => {
  const statement = top('statement', 2, 'outside');
  expect(kinds([noticed(top('constant', 1)), twice(statement)])).toEqual(['statement_not_needed']);
  expect(kinds([noticed(top('constant', 1)), noticed(statement)])).toEqual([]);
  expect(kinds([twice(statement)])).toEqual([]);
  expect(toRepeat([noticed(top('constant', 1)), once(statement)])).toEqual([statement]);
});

test('a guard that is gone and that no test misses is found', () => {
  const guard: Unit = { ...unit('hunk', 4), mark: 'guard', condition: 'user.role' };
  expect(kinds([noticed(unit('value', 3)), twice(guard)])).toEqual(['guard_taken_away']);
  expect(kinds([noticed(unit('value', 3)), noticed(guard)])).toEqual([]);
});
