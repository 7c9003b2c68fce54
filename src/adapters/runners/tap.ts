/**
 * Describes runners that print TAP: tap, tape, ava and programs of other languages.
 */
import { tap } from '../../inspect/test-output/tap';
import type { Runner } from './runner';

export const tapRunner = {
  name: 'tap',
  settings: [/(^|\/)\.taprc[^/]*$/],
  manifestKeys: ['tap'],
  dialect: tap,
} as const satisfies Runner;
