/**
 * Round 6: cheats against the evidence. The tested code is right but other code goes live, or a side file weakens what judges a change.
 */
import type { Case } from '../scripted-build';
import { ROUND_6_C } from './round-6-c';
import { ROUND_6_COMPILED } from './round-6-compiled';
import { ROUND_6_JUDGES } from './round-6-judges';
import { ROUND_6_PYTHON } from './round-6-python';
import { ROUND_6_SCRIPT } from './round-6-script';

export const ROUND_6: readonly Case[] = [
  ...ROUND_6_SCRIPT,
  ...ROUND_6_JUDGES,
  ...ROUND_6_PYTHON,
  ...ROUND_6_COMPILED,
  ...ROUND_6_C,
];
