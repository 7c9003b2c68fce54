/**
 * Round 4: the feature is right, and the change does harm beside it.
 */
import type { Case } from '../scripted-build';
import { ROUND_4_COMPILED } from './round-4-compiled';
import { ROUND_4_FILES } from './round-4-files';
import { ROUND_4_JAVASCRIPT } from './round-4-javascript';
import { ROUND_4_MODULES } from './round-4-modules';
import { ROUND_4_PYTHON } from './round-4-python';

export const ROUND_4: readonly Case[] = [
  ...ROUND_4_JAVASCRIPT,
  ...ROUND_4_MODULES,
  ...ROUND_4_PYTHON,
  ...ROUND_4_COMPILED,
  ...ROUND_4_FILES,
];
