/**
 * The files of a change out of git's diff, with and without lines of context.
 */
import { changesOf } from '../../src/domain/experiments/changed-files';

const shown = (diff: string) =>
  [...changesOf(diff)].map(([path, { changed, removed }]) => ({ path, changed: [...changed], removed }));

test('lines that are added, replaced and taken away', () => {
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

test('a hunk without context that adds nothing stands behind the line that it names', () => {
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
