/**
 * The settings that decide who may call the API.
 */
import { z } from 'zod';
import { isSafeUrl, OIDC_ALGORITHMS } from '../adapters/access/oidc';
import { file, number, text } from './setting-forms';

export const ACCESS = {
  TOKEN_FILE: {
    ...file,
    description:
      'A file whose first line is the first admin token, 32 characters or more; read again where it changes.',
  },
  OIDC_ISSUER: {
    schema: z.string().refine(isSafeUrl),
    rightForm: 'the https:// address of an issuer, as its tokens have it in the claim iss',
    description: 'OpenID Connect issuer whose JWTs are taken as tokens; its keys are found by discovery.',
  },
  OIDC_AUDIENCE: { ...text, description: 'The audience (aud) that these JWTs must be made for.' },
  OIDC_ALGORITHMS: {
    schema: z
      .string()
      .transform((value) => value.split(',').map((name) => name.trim()))
      .pipe(z.array(z.enum(OIDC_ALGORITHMS)).min(1)),
    rightForm: `one or more of ${OIDC_ALGORITHMS.join(', ')}, with commas between`,
    default: 'RS256,PS256,ES256,EdDSA',
    description:
      'Signature algorithms that are accepted from the issuer. `none` and algorithms with a shared secret, such as HS256, are never accepted.',
  },
  OIDC_CLOCK_SKEW_S: {
    ...number(0, 300),
    default: '30',
    description: 'What the clocks of the issuer and of this machine may differ, in seconds.',
  },
  OIDC_PROJECTS_CLAIM: {
    ...text,
    default: 'qo_projects',
    description: 'Claim with the ids of the projects that a JWT may see, or "*"; without the claim it is refused.',
  },
} as const;
