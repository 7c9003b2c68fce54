/**
 * The whole corpus, kind by kind. One role cheats in a cheating build, and the others are honest.
 */
import { ANSWERS } from './cases/answers';
import { AUDITOR } from './cases/auditor';
import { OLD_TESTS } from './cases/old-tests';
import { CHANGED_TESTS } from './cases/changed-tests';
import { EMPTY_CHANGES } from './cases/empty-changes';
import { CHANGES } from './cases/changes';
import { HONEST } from './cases/honest';
import { HONEST_WORK } from './cases/honest-work';
import { OTHER_DOORS } from './cases/other-doors';
import { OUTSIDE } from './cases/outside';
import { PACKAGES } from './cases/packages';
import { PROCESSES } from './cases/processes';
import { PROMISES } from './cases/promises';
import { SETTINGS } from './cases/settings';
import { hasPytest } from '../adapters/runners/test-tools';
import { pythonTill } from './projects/python';
import type { Case } from './scripted-build';

/** What is cheated with, or `honest`. */
const KINDS: Record<string, Case[]> = {
  tests: OLD_TESTS,
  settings: SETTINGS,
  processes: PROCESSES,
  answers: ANSWERS,
  auditor: AUDITOR,
  promises: PROMISES,
  changes: CHANGES,
  packages: PACKAGES,
  outside: OUTSIDE,
  'changed tests': CHANGED_TESTS,
  'other doors': OTHER_DOORS,
  'empty changes': EMPTY_CHANGES,
  honest: [...HONEST, ...HONEST_WORK],
};
const ALL = Object.entries(KINDS).flatMap(([kind, cases]) => cases.map((one) => ({ ...one, kind })));

/** Where Python has no pytest and pip cannot install it, its cases are left out; the program says so. */
export const CORPUS: ReadonlyArray<Case & { kind: string }> = hasPytest()
  ? ALL
  : ALL.filter(({ project }) => project !== pythonTill);
export const LEFT_OUT = ALL.length - CORPUS.length;
