/** The order in which breaks run, and lines that no test runs. */
import { isUnrun, orderUnits } from '../../../src/domain/experiments/order';
import type { Unit } from '../../../src/domain/experiments/units';

const unit = (line: number, kind: Unit['kind'], owner: string | null): Unit => ({
  ...{ path: 'src/a.js', line, kind, says: `${kind} ${line}`, edit: { from: 0, to: 0, text: '' } },
  owner: owner === null ? null : { name: owner, line: 1 },
});

test('the deciding break of each function comes first, before other breaks of any function', () => {
  const units = [unit(2, 'constant', 'a'), unit(3, 'value', 'a'), unit(9, 'value', 'b'), unit(1, 'statement', null)];
  expect(orderUnits(units).map(({ says }) => says)).toEqual(['value 3', 'value 9', 'constant 2', 'statement 1']);
});

test('the deciding break of a file, and statements that count alone, come with the first breaks of functions', () => {
  const units = [
    ...[unit(2, 'constant', 'a'), unit(3, 'value', 'a'), unit(1, 'constant', null), unit(5, 'constant', null)],
    { ...unit(6, 'statement', null), mark: 'outside' as const },
  ];
  expect(orderUnits(units).map(({ says }) => says)).toEqual([
    ...['value 3', 'constant 1', 'statement 6', 'constant 2', 'constant 5'],
  ]);
});

test('a line with coverage count 0 is not run, a line without a count is unknown', () => {
  const counts = { 'src/a.js': { 2: 0, 3: 4 } };
  expect([2, 3, 4].map((line) => isUnrun({ path: 'src/a.js', line }, counts))).toEqual([true, false, false]);
  expect(isUnrun({ path: 'src/b.js', line: 2 }, counts)).toBe(false);
  expect(isUnrun({ path: 'src/a.js', line: 2 }, null)).toBe(false);
});
