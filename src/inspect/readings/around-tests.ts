/**
 * What edits of test files leave of the tests and of what stands around them. Plain data in and out. Pure.
 */
import { onlyAddsTests } from '../../domain/evidence/test-edits';
import { withoutTests } from '../units/without-tests';

export interface TestEdit {
  path: string;
  before: string;
  after: string;
}
export interface EditOfOldTests extends TestEdit {
  /** Names of tests that may change, with the groups around them. */
  obsolete: string[];
}

/** Paths of files in which more is changed than these tests, in their order. */
export async function weakenedIn(edits: readonly EditOfOldTests[]): Promise<string[]> {
  const paths: string[] = [];
  for (const { path, before, after, obsolete } of edits) {
    const isObsolete = (title: string): boolean => obsolete.some((name) => isCalled(name, title));
    const was = await withoutTests(path, before, isObsolete);
    const is = await withoutTests(path, after, isObsolete);
    if (!isMore(path, was, is)) paths.push(path);
  }
  return paths;
}

function isCalled(name: string, title: string): boolean {
  return name.endsWith(title) && !/\w/.test(name.slice(0, name.length - title.length).slice(-1));
}

function isMore(path: string, before: string, after: string): boolean {
  const bare = (text: string): string => text.replace(/\s+/g, '');
  return bare(before) === bare(after) || onlyAddsTests(before, after, path) || isAtEnd(path, before, after);
}

const READ_BY_LINE = /\.(?:[cm]?[jt]sx?|py|go|rs|java|kt|scala|groovy|cs)$/;

/** Where no rule knows a test case of the language: what was there begins the file. */
function isAtEnd(path: string, before: string, after: string): boolean {
  return !READ_BY_LINE.test(path) && after.startsWith(before.trimEnd());
}
