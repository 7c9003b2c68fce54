/** Tests which old test files the Test Auditor sees first if not all can be shown completely. */
import { readOldTests } from '../../../src/activities/testing/old-tests';

const LONG = 'x'.repeat(70_000);
const TEXTS: Record<string, string> = { 'a_test.go': 'short', 'b_test.go': `b${LONG}`, 'c_test.go': `cc${LONG}` };

async function shownFiles(message: string) {
  const workspace = {
    contents: (_at: unknown, paths: string[]) =>
      Promise.resolve(new Map(paths.map((path) => [path, TEXTS[path] ?? '']))),
  };
  const turnedRed = Object.keys(TEXTS).map((file) => ({ file, name: 'Test' }));
  const tests = [{ file: '', name: 'till > (file)', status: 'failed' as const, message }];
  const at = { projectId: 'shop', buildId: 'b', commit: 'c1' };
  const files = await readOldTests(workspace as never, at, { tests, turnedRed, redBefore: [] });
  return files.map(({ path, missingChars }) => [path, missingChars]);
}

test('short files come first, and the last file is shown with the number of its missing characters', async () => {
  expect(await shownFiles('')).toEqual([
    ['a_test.go', 0],
    ['b_test.go', 0],
    ['c_test.go', 20_008],
  ]);
});

test('files with a compiler error come before short files', async () => {
  expect(await shownFiles('# till\n./c_test.go:4:4: undefined: g')).toEqual([
    ['c_test.go', 0],
    ['a_test.go', 0],
    ['b_test.go', 20_008],
  ]);
});
