/**
 * Makes a change without effect: a comment at the end of a file, and a harmless statement in each changed function.
 */
import { withComment } from '../../../src/domain/experiments/comment';
import type { Unit } from '../../../src/domain/experiments/units';
import { unitsOf } from '../../../src/inspect/units/units-of';

const unitsIn = async (path: string, after: string): Promise<Unit[]> => {
  const changed = new Set(after.split('\n').map((_, index) => index + 1));
  return (await unitsOf({ path, after, changed, removed: [] })).units;
};

test.each([
  ['src/a.js', 'function f(n) {\n  return n + 1;\n}\n', 'void 0;'],
  ['src/a.ts', 'function f(n: number): number {\n  return n + 1;\n}\n', 'void 0;'],
  ['a.py', 'def f(n):\n    return n + 1\n', 'pass'],
])('in %s a harmless statement is added to the function and a comment to the file', async (path, text, statement) => {
  const harmlessChange = withComment(path, text, await unitsIn(path, text));
  expect(harmlessChange).toContain(statement);
  expect(harmlessChange).toMatch(/one comment more\.\n$/);
});

test('a file whose comment syntax is not known stays unchanged', () => {
  expect(withComment('data.json', '{}')).toBeUndefined();
});
