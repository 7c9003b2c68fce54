/**
 * Finds edits of old test files that change more than the tests that may change. Takes and returns plain data. Pure.
 */
import { onlyAddsTests } from '../../domain/evidence/test-edits';
import { withoutTests } from '../units/without-tests';

export interface TestEdit {
  path: string;
  before: string;
  after: string;
}
export interface EditOfOldTests extends TestEdit {
  /** Names of the tests that may change, each with the names of its groups in front. */
  obsolete: string[];
}

/** Returns the paths of the files in which an edit changes more than the obsolete tests, in the order of the edits. */
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

/** For languages whose test cases no rule recognises: true where the new text begins with the old text. */
function isAtEnd(path: string, before: string, after: string): boolean {
  return !READ_BY_LINE.test(path) && after.startsWith(before.trimEnd());
}
