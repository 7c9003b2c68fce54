/**
 * Lists the rules for all weaknesses: one file for each family, one row for each weakness. Pure.
 */
import type { HarmRule } from '../rule';
import { ASSIGNED } from './assigned';
import { CLIENT_SINKS } from './client-sinks';
import { IDENTITY } from './identity';
import { IN_PART } from './in-part';
import { KEYLESS_SIGNATURES } from './keyless';
import { NONCES } from './nonces';
import { PAGE_POLICIES } from './page-policies';
import { PARSERS } from './parsers';
import { RANDOMNESS } from './randomness';
import { SAMENESS } from './sameness';

export const WEAKNESSES: readonly HarmRule[] = [
  ...CLIENT_SINKS,
  ...ASSIGNED,
  ...IDENTITY,
  ...PARSERS,
  ...RANDOMNESS,
  ...SAMENESS,
  ...NONCES,
  ...KEYLESS_SIGNATURES,
  ...IN_PART,
  ...PAGE_POLICIES,
];
