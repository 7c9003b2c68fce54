import { lostTests } from '../../../src/domain/evidence/baseline';

const [OLD, NEW] = ['src/test/java/x/SumTest.java', 'src/test/java/y/AddingTest.java'];
const excused = { moved: new Map([[OLD, NEW]]), mayBeLost: () => false };
const at = (file: string, ...names: string[]) => names.map((name) => ({ file, name, status: 'passed' }));

test('P1: tests of a class that was renamed with its file are not lost, and one that is gone is', () => {
  const passed = at(OLD, 'x.SumTest > adds', 'x.SumTest$Nested > adds', 'x.SumTest > takes');
  const now = at(NEW, 'y.AddingTest > adds', 'y.AddingTest$Nested > adds');
  expect(lostTests(now, { passed }, excused).map(({ name }) => name)).toEqual(['x.SumTest > takes']);
});

test('P1: a test of another class does not stand for one that moved', () => {
  const now = at(NEW, 'y.OtherTest > adds');
  expect(lostTests(now, { passed: at(OLD, 'x.SumTest > adds') }, excused)).toHaveLength(1);
});

test('P1: a test whose name holds no class is found in the file where it is now', () => {
  const moved = { ...excused, moved: new Map([['a.test.js', 'unit/a.test.js']]) };
  expect(lostTests(at('unit/a.test.js', 'adds'), { passed: at('a.test.js', 'adds') }, moved)).toEqual([]);
});
