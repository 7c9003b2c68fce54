/**
 * Round 8: tests and evidence that do not show what they claim, forged results, and releases of other code than the tested one.
 */
import type { Case } from '../scripted-build';
import { ROUND_8_COMPILED } from './round-8-compiled';
import { ROUND_8_GO } from './round-8-go';
import { ROUND_8_PYTHON } from './round-8-python';
import { ROUND_8_SCRIPT } from './round-8-script';
import { ROUND_8_SHIPPED } from './round-8-shipped';

export const ROUND_8: readonly Case[] = [
  ...ROUND_8_SCRIPT,
  ...ROUND_8_SHIPPED,
  ...ROUND_8_PYTHON,
  ...ROUND_8_GO,
  ...ROUND_8_COMPILED,
];
