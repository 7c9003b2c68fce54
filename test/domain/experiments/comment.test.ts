/**
 * A change that means nothing, at the end of a file and within each changed function.
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
])(
  'in %s a statement without effect stands in the function, too: a test of its text turns red',
  async (path, text, put) => {
    const same = withComment(path, text, await unitsIn(path, text));
    expect(same).toContain(put);
    expect(same).toMatch(/one comment more\.\n$/);
  },
);

test('a kind of file whose comments are not known is left alone', () => {
  expect(withComment('data.json', '{}')).toBeUndefined();
});
