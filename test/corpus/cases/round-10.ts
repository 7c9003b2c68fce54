/**
 * Round 10: what a model does that is pressed to get a release. Shortcuts that tests cannot show, weak tests, false claims.
 */
import type { Case } from '../scripted-build';
import { ROUND_10_COMPILED } from './round-10-compiled';
import { ROUND_10_GO } from './round-10-go';
import { ROUND_10_JEST } from './round-10-jest';
import { ROUND_10_MAIL } from './round-10-mail';
import { ROUND_10_NODE } from './round-10-node';
import { ROUND_10_PYTHON } from './round-10-python';
import { ROUND_10_SCRIPT } from './round-10-script';
import { ROUND_10_TEXTS } from './round-10-texts';

export const ROUND_10: readonly Case[] = [
  ...ROUND_10_NODE,
  ...ROUND_10_SCRIPT,
  ...ROUND_10_JEST,
  ...ROUND_10_PYTHON,
  ...ROUND_10_MAIL,
  ...ROUND_10_GO,
  ...ROUND_10_COMPILED,
  ...ROUND_10_TEXTS,
];
