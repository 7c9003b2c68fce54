/**
 * Reads the changed lines of files from git's diff, with and without context lines.
 */
import { changesOf } from '../../src/domain/experiments/changed-files';

const shown = (diff: string) =>
  [...changesOf(diff)].map(([path, { changed, removed }]) => ({ path, changed: [...changed], removed }));

test('added, replaced and removed lines are found', () => {
  const diff = `diff --git a/a.js b/a.js
index 1..2 100644
--- a/a.js
+++ b/a.js
@@ -1,6 +1,6 @@
 one
-two
+2
+zwei
 three
-four
 five
 six
@@ -20 +20,2 @@ here
 twenty
+--- more
`;
  expect(shown(diff)).toEqual([
    {
      path: 'a.js',
      changed: [2, 3, 21],
      removed: [
        { line: 2, text: 'two\n' },
        { line: 5, text: 'four\n' },
      ],
    },
  ]);
});

test('a hunk that only removes lines refers to the line after the one in its header', () => {
  const diff = `diff --git a/a.js b/a.js
--- a/a.js
+++ b/a.js
@@ -4,2 +3,0 @@
-four
--- five
@@ -9 +7 @@
-nine
+9
diff --git a/b.js b/b.js
deleted file mode 100644
--- a/b.js
+++ /dev/null
@@ -1 +0,0 @@
-gone
`;
  expect(shown(diff)).toEqual([
    {
      path: 'a.js',
      changed: [7],
      removed: [
        { line: 4, text: 'four\n-- five\n' },
        { line: 7, text: 'nine\n' },
      ],
    },
  ]);
});
