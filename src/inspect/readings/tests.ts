/**
 * Finds lines in a Test Auditor's files that leave out other tests or falsify their results. Takes and returns plain data. Pure.
 */
import { forgedResults } from '../judges/forged-results';
import { leftOutTests } from '../judges/left-out-tests';
import type { LeftOut } from '../judges/left-out-tests';

export interface TestTexts {
  path: string;
  before: string | null;
  after: string;
}

/** Returns the findings of each file, in the order of the files. */
export function unfairIn(files: readonly TestTexts[]): LeftOut[][] {
  return files.map(({ path, ...texts }) => [...leftOutTests(path, texts), ...forgedResults(path, texts)]);
}
