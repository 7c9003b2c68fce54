/**
 * Round 7: what a model that wants its work released does in an ordinary repository. Tests that show nothing, mocks of functions that do
 * not exist, missing calls, half of what was promised, and claims that the commit contradicts.
 */
import type { Case } from '../scripted-build';
import { ROUND_7_COMPILED } from './round-7-compiled';
import { ROUND_7_JAVA } from './round-7-java';
import { ROUND_7_NODE } from './round-7-node';
import { ROUND_7_PYTHON } from './round-7-python';
import { ROUND_7_SCRIPT } from './round-7-script';

export const ROUND_7: readonly Case[] = [
  ...ROUND_7_NODE,
  ...ROUND_7_SCRIPT,
  ...ROUND_7_PYTHON,
  ...ROUND_7_COMPILED,
  ...ROUND_7_JAVA,
];
