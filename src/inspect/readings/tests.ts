/**
 * What a Test Auditor's files do to other tests: lines that leave them out, and results that are bent. Plain data in and out. Pure.
 */
import { bentResults } from '../judges/bent-results';
import { leftOutTests } from '../judges/left-out-tests';
import type { LeftOut } from '../judges/left-out-tests';

export interface TestTexts {
  path: string;
  before: string | null;
  after: string;
}

/** Of each text in its order. */
export function unfairIn(files: readonly TestTexts[]): LeftOut[][] {
  return files.map(({ path, ...texts }) => [...leftOutTests(path, texts), ...bentResults(path, texts)]);
}
