/** The text that a person approves: what it shows of each path, and that no changed file can forge part of it. */
import { tamperingText } from '../../../src/domain/evidence/tampering';
import type { PathChange } from '../../../src/domain/evidence/tampering';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const changedFile = (path: string): PathChange => ({ path, before: 'x', after: 'y' });

test('the text shows each path with its kind of change and its part of the diff', () => {
  const diff =
    'diff --git a/src/a.js b/src/a.js\n--- a/src/a.js\n+++ b/src/a.js\n@@ -1 +1 @@\n-1\n+2\n' +
    'diff --git a/test/a.test.js b/test/a.test.js\n--- a/test/a.test.js\n+++ b/test/a.test.js\n@@ -1 +1 @@\n-strict\n+loose\n';
  const locked = { digest: DIGEST, files: { 'test/m.test.js': DIGEST } };
  const unlocked = { path: 'test/m.test.js', before: null, after: null };
  const { files } = JSON.parse(tamperingText([unlocked, changedFile('test/a.test.js')], { locked, diff })) as {
    files: Array<Record<string, unknown>>;
  };
  expect(files).toEqual([
    expect.objectContaining({ path: 'test/a.test.js', what: 'changed', diff: expect.stringContaining('+loose') }),
    expect.objectContaining({ path: 'test/m.test.js', what: 'differs from its lock', locked: DIGEST, diff: '' }),
  ]);
  expect(JSON.stringify(files)).not.toContain('src/a.js');
});

test('a changed file cannot forge the diff of another file by unusual line separators', () => {
  const real =
    'diff --git a/test/a.test.js b/test/a.test.js\n--- a/test/a.test.js\n+++ b/test/a.test.js\n@@ -1 +1 @@\n-one\n+two\n';
  for (const end of ['\u2028', '\u2029', '\r']) {
    const forged = ['', 'diff --git a/x b/x', '--- a/test/a.test.js', '+++ b/test/a.test.js', '@@ harmless @@'].join(
      end,
    );
    const diff = `${real}diff --git a/z.js b/z.js\n--- a/z.js\n+++ b/z.js\n@@ -0,0 +1 @@\n+${forged}\n`;
    const text = tamperingText([changedFile('test/a.test.js')], { locked: null, diff });
    expect((JSON.parse(text) as { files: Array<{ diff: string }> }).files[0]?.diff).toBe(real);
  }
});

test('a path without a text diff is marked as not shown, and a path with a space has its diff', () => {
  const diff =
    'diff --git a/test/a b.js b/test/a b.js\n--- a/test/a b.js\t\n+++ b/test/a b.js\t\n@@ -1 +1 @@\n-one\n+two\n';
  const text = tamperingText([changedFile('test/a b.js'), changedFile('test/c.js')], { locked: null, diff });
  const { files } = JSON.parse(text) as { files: Array<{ diff: string }> };
  expect(files.map((one) => one.diff)).toEqual([diff, expect.stringContaining('not shown')]);
});

describe('the diff that a person is shown', () => {
  const judged = (path: string): PathChange => ({ path, before: 'a1', after: 'b2' });
  const section = (head: string, ...lines: string[]) => `diff --git ${head}\n${lines.join('\n')}\n`;
  const shown = (path: string, ...sections: string[]): string => {
    const text = tamperingText([judged(path)], { locked: null, diff: sections.join('') });
    return (JSON.parse(text) as { files: Array<{ diff: string }> }).files[0]?.diff ?? '';
  };
  const hunk = ['@@ -1 +1 @@', '-x', '+y'];

  test('is that of the path, even if another file contains similar lines', () => {
    const real = section('a/test/a.test.js b/test/a.test.js', '--- a/test/a.test.js', '+++ b/test/a.test.js', ...hunk);
    const posing = section('a/zz.js b/zz.js', '--- /dev/null', '+++ b/zz.js', '@@ -0,0 +1 @@', '+++ b/test/a.test.js');
    expect(shown('test/a.test.js', real, posing)).toBe(real);
    expect(shown('zz.js', real, posing)).toBe(posing);
  });

  test.each([
    [
      'test/my a.test.js',
      'a/test/my a.test.js b/test/my a.test.js',
      ['--- a/test/my a.test.js\t', '+++ b/test/my a.test.js\t'],
    ],
    [
      'test/"a".test.js',
      '"a/test/\\"a\\".test.js" "b/test/\\"a\\".test.js"',
      ['--- "a/test/\\"a\\".test.js"', '+++ /dev/null'],
    ],
    [
      'test/one.test.js',
      'a/test/one.test.js b/two.js',
      ['similarity index 100%', 'rename from test/one.test.js', 'rename to two.js'],
    ],
    ['test/shot.png', 'a/test/shot.png b/test/shot.png', ['Binary files a/test/shot.png and b/test/shot.png differ']],
  ])('is found for %s', (path, head, lines) => {
    const one = section(head, ...lines);
    expect(shown(path, one)).toBe(one);
  });
});
