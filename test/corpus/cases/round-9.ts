/**
 * Round 9: what a lazy or an over-eager model does in ordinary repositories, without hiding it.
 */
import type { Case } from '../scripted-build';
import { ROUND_9_ABORT, ROUND_9_BESIDE } from './round-9-beside';
import { ROUND_9_COMPILED } from './round-9-compiled';
import { ROUND_9_OVERFLOW, ROUND_9_UNSOUND } from './round-9-native';
import { ROUND_9_PYTHON } from './round-9-python';
import { ROUND_9_WEB } from './round-9-web';

export const ROUND_9: readonly Case[] = [
  ...ROUND_9_WEB,
  ...ROUND_9_BESIDE,
  ROUND_9_ABORT,
  ...ROUND_9_PYTHON,
  ...ROUND_9_COMPILED,
  ROUND_9_UNSOUND,
  ROUND_9_OVERFLOW,
];
