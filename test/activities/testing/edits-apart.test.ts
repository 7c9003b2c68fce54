/** Tests that edits of large test files are judged without blocking the main thread, with real git and threads. */
import { createTestReaders } from '../../reader-thread';
import { findSparedEdits } from '../../../src/activities/testing/spared-edits';
import { weakenedFiles } from '../../../src/activities/testing/weakened-tests';
import type { Judges } from '../../../src/inspect/judges/find-judges';
import { makePlace } from '../../adapters/workspace/git-fixture';
import { longestStopMs } from '../../main-thread';

const LONGEST_MS = 200;
const CASE = `test('adds', () => {\n  expect(add(1, [2, { a: /[/ }])).toBe('${'x'.repeat(40)}');\n});\n`;
const cases = (chars: number): string => CASE.repeat(Math.ceil(chars / CASE.length));
const ADDED_CASE = `test('one more', () => {\n  expect(add(1, 1)).toBe(2);\n});\n`;

const readers = createTestReaders();
const place = makePlace();
const { workspace } = place;
const repo = { projectId: 'shop', buildId: 'edits' };
const PATHS = Array.from({ length: 8 }, (_, at) => `test/part-${at}.test.js`);
let base: string;
let commit: string;
beforeAll(async () => {
  const empty = await workspace.prepare(repo);
  const files = (end: string) =>
    PATHS.map((path, at) => ({ path, content: cases(at === 1 ? 300_000 : 900_000) + end }));
  ({ commit: base } = await workspace.apply({ ...repo, ...empty }, files(''), 'start'));
  ({ commit } = await workspace.apply({ ...repo, commit: base }, files(ADDED_CASE), 'work'));
  // The start of the threads is not part of the measured time.
  await readers.read('weakened', [], {});
});
afterAll(async () => {
  await readers.close();
  place.remove();
});

test('S1: added tests in files of 6 MB are recognised without blocking the main thread', async () => {
  const isTest = (path: string): boolean => PATHS.includes(path);
  const judges: Judges = { why: (path) => (isTest(path) ? 'a test' : undefined), isOfTests: isTest };
  const changes = await workspace.contentChanges(repo, base, commit);
  const find = async () =>
    expect(await findSparedEdits({ workspace, readers }, { repo, base, commit, ran: PATHS, judges, changes })).toEqual(
      PATHS.map((path) => ({ path, why: 'only adds test cases' })),
    );
  expect(await longestStopMs(find)).toBeLessThan(LONGEST_MS);
});

test('S1: a test that lost its assertion is found, even beside a test that may change', async () => {
  const files = [{ path: PATHS[1]!, text: ADDED_CASE + cases(300_000).replace("'x", "'y") }];
  const locked = { lock: { obsolete: [{ file: PATHS[1]!, name: 'one more' }] }, files };
  const find = async () =>
    expect(
      await weakenedFiles({ workspace, readers }, repo, {
        base,
        locked: locked as unknown as Parameters<typeof weakenedFiles>[2]['locked'],
      }),
    ).toEqual([PATHS[1]]);
  expect(await longestStopMs(find)).toBeLessThan(LONGEST_MS);
});
