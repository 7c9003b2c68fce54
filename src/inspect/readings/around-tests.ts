/**
 * Finds edits of old test files that change more than the obsolete tests. Takes and returns plain data. Pure.
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
    const otherBefore = await withoutTests(path, before, isObsolete);
    const otherAfter = await withoutTests(path, after, isObsolete);
    if (!onlyAdds(path, otherBefore, otherAfter)) paths.push(path);
  }
  return paths;
}

/** True if the name ends with the title as a whole word. */
function isCalled(name: string, title: string): boolean {
  return name.endsWith(title) && !/\w/.test(name.slice(0, name.length - title.length).slice(-1));
}

/** True if the new text is the old one with further tests at most. */
function onlyAdds(path: string, before: string, after: string): boolean {
  const withoutSpaces = (text: string): string => text.replace(/\s+/g, '');
  return (
    withoutSpaces(before) === withoutSpaces(after) ||
    onlyAddsTests(before, after, path) ||
    addsAtEnd(path, before, after)
  );
}

/** Languages whose test cases `onlyAddsTests` recognises. */
const KNOWN_LANGUAGE = /\.(?:[cm]?[jt]sx?|py|go|rs|java|kt|scala|groovy|cs)$/;

/** For languages whose test cases no rule recognises: true if the new text begins with the old text. */
function addsAtEnd(path: string, before: string, after: string): boolean {
  return !KNOWN_LANGUAGE.test(path) && after.startsWith(before.trimEnd());
}
