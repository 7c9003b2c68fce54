/**
 * The whole corpus, kind by kind. One role cheats in a bent build, and the others are honest.
 */
import { ANSWERS } from './cases/answers';
import { AUDITOR } from './cases/auditor';
import { BENT_TESTS } from './cases/bent-tests';
import { CHANGES } from './cases/changes';
import { HONEST } from './cases/honest';
import { HONEST_WORK } from './cases/honest-work';
import { OUTSIDE } from './cases/outside';
import { PACKAGES } from './cases/packages';
import { PROCESSES } from './cases/processes';
import { PROMISES } from './cases/promises';
import { SETTINGS } from './cases/settings';
import { hasPytest } from './tools';
import { pythonTill } from './projects/python';
import type { Case } from './scripted-build';

const ALL: readonly Case[] = [
  ...[...BENT_TESTS, ...SETTINGS, ...PROCESSES, ...ANSWERS, ...AUDITOR, ...PROMISES, ...CHANGES, ...PACKAGES],
  ...[...OUTSIDE, ...HONEST, ...HONEST_WORK],
];

/** Where Python has no pytest, its cases are left out; the program says so. */
export const CORPUS: readonly Case[] = hasPytest() ? ALL : ALL.filter(({ project }) => project !== pythonTill);
export const LEFT_OUT = ALL.length - CORPUS.length;
