/** Counts of lines, whatever the files are called. */
import { changedLines } from '../../src/domain/evidence/coverage';
import { parseLcov } from '../../src/inspect/coverage/lcov';

const NAMES = ['constructor', 'toString', '__proto__', 'hasOwnProperty'];

test.each(NAMES)('a report that names a file %s changes no object but its own', (name) => {
  const counts = parseLcov(`SF:./${name}\nDA:1,5\nDA:2,0\nend_of_record\n`, ['./']);
  expect(Object.entries(counts)).toEqual([[name, { 1: 5, 2: 0 }]]);
  expect(({} as Record<number, unknown>)[1]).toBeUndefined();
});

test.each(NAMES)('a change may add a file named %s', (name) => {
  const diff = `diff --git a/${name} b/${name}\nnew file mode 100644\n--- /dev/null\n+++ b/${name}\n@@ -0,0 +1 @@\n+a()\n`;
  expect(Object.entries(changedLines(diff))).toEqual([[name, [{ line: 1, text: 'a()' }]]]);
});
