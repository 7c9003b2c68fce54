/** Tests which tests of the base count as lost: a moved or renamed test does not. */
import { lostTests } from '../../../src/domain/evidence/baseline';

const [OLD, NEW] = ['src/test/java/x/SumTest.java', 'src/test/java/y/AddingTest.java'];
const excused = { moved: new Map([[OLD, NEW]]), mayBeLost: () => false };
const at = (file: string, ...names: string[]) => names.map((name) => ({ file, name, status: 'passed' }));

test('P1: tests of a class renamed with its file are not lost, and a removed test is', () => {
  const passed = at(OLD, 'x.SumTest > adds', 'x.SumTest$Nested > adds', 'x.SumTest > takes');
  const now = at(NEW, 'y.AddingTest > adds', 'y.AddingTest$Nested > adds');
  expect(lostTests(now, { passed }, excused).map(({ name }) => name)).toEqual(['x.SumTest > takes']);
});

test('P1: a test of another class does not replace a moved test', () => {
  const now = at(NEW, 'y.OtherTest > adds');
  expect(lostTests(now, { passed: at(OLD, 'x.SumTest > adds') }, excused)).toHaveLength(1);
});

test('P1: a test without a class in its name is found in its moved file', () => {
  const moved = { ...excused, moved: new Map([['a.test.js', 'unit/a.test.js']]) };
  expect(lostTests(at('unit/a.test.js', 'adds'), { passed: at('a.test.js', 'adds') }, moved)).toEqual([]);
});

test.each([
  ['a documentation example that moved to another line', 'till::src/lib.rs - pay (line 12)', '(line 40)'],
  ['a name with a time', 'starts at 2026-11-26T10:00:00.123Z', '2026-11-26T10:00:05.001Z'],
  ['a name with a random id', 'order 0f8fad5b-d9cb-469f-a165-70867728950e', '7c9e6679-7425-40de-944b-e07fc1f90ae7'],
  ['a name with the milliseconds of now', 'user-1764151200000 signs in', '1764151200555'],
])('%s counts as the same test', (_what, before, part) => {
  const after = before.replace(/\(line \d+\)|\d{4}-[\dT:.Z-]{15,}|[0-9a-f-]{36}|\d{13}/, part);
  expect(after).not.toBe(before);
  const now = [{ file: 'a', name: after, status: 'passed' }];
  const excused = { moved: new Map<string, string>(), mayBeLost: () => false };
  expect(lostTests(now, { passed: [{ file: 'a', name: before }] }, excused)).toEqual([]);
});

test('a name with another number is another test', () => {
  const now = [{ file: 'a', name: 'adds 13', status: 'passed' }];
  const excused = { moved: new Map<string, string>(), mayBeLost: () => false };
  expect(lostTests(now, { passed: [{ file: 'a', name: 'adds 12' }] }, excused)).toHaveLength(1);
});
