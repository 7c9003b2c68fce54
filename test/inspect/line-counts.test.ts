/** Checks that counting lines by file works for every file name, also for names of object members such as `__proto__`. */
import { changedLines } from '../../src/domain/evidence/coverage';
import { parseLcov } from '../../src/inspect/coverage/lcov';

const NAMES = ['constructor', 'toString', '__proto__', 'hasOwnProperty'];

test.each(NAMES)('a coverage report with a file named %s changes no other object', (name) => {
  const counts = parseLcov(`SF:./${name}\nDA:1,5\nDA:2,0\nend_of_record\n`, ['./']);
  expect(Object.entries(counts)).toEqual([[name, { 1: 5, 2: 0 }]]);
  expect(({} as Record<number, unknown>)[1]).toBeUndefined();
});

test.each(NAMES)('the lines of a new file named %s are counted', (name) => {
  const diff = `diff --git a/${name} b/${name}\nnew file mode 100644\n--- /dev/null\n+++ b/${name}\n@@ -0,0 +1 @@\n+a()\n`;
  expect(Object.entries(changedLines(diff))).toEqual([[name, [{ line: 1, text: 'a()' }]]]);
});
