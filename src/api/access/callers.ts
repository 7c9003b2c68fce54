/**
 * Identifies the caller of each request, once, before any other handler; later handlers read the result with `callerOf`.
 */
import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator } from 'express-rate-limit';
import type { Caller } from '../../domain/access';
import type { CredentialCheck } from '../../ports/access';
import type { ApiDeps } from '../deps';
import { Problem } from '../problems';
import { credentialIn } from './credential';

type Identification = CredentialCheck | { kind: 'failed'; error: unknown };

const identities = new WeakMap<object, Identification>();

/** Refuses no request: a caller without a valid token still counts against the rate limit, by its address. */
export function identifyCaller({ access }: Pick<ApiDeps, 'access'>): RequestHandler {
  const identify = async (req: Request): Promise<Identification> => {
    const credential = credentialIn(req);
    if (credential === null || typeof credential === 'string') return access.identify(credential);
    // Where the API needs no tokens, an unreadable Authorization header is ignored.
    return (await access.requiresToken()) ? { kind: 'refused', words: credential.unreadable } : access.identify(null);
  };
  return async (req, _res, next) => {
    identities.set(req, await identify(req).catch((error: unknown): Identification => ({ kind: 'failed', error })));
    next();
  };
}

/** Refuses a caller without a valid token, even at an address that has no route. */
export const requireCaller: RequestHandler = (req, _res, next) => {
  callerOf(req);
  next();
};

/** Gives the identified caller. If there is none, throws the problem that answers the request. */
export function callerOf(req: Request): Caller {
  const identity = identities.get(req);
  switch (identity?.kind) {
    case 'caller':
      return identity.caller;
    case 'missing':
      throw new Problem('Access.Unauthenticated', `a token is missing: ${HOW_TO_SEND_TOKEN}`);
    case 'refused':
      throw new Problem('Access.Unauthenticated', `the token is refused: ${identity.words}`);
    case 'empty':
      throw new Problem('Access.Forbidden', identity.words);
    case 'unknowable':
      throw new Problem('Access.IssuerAway', `${identity.words}; the token cannot be checked`);
    default:
      throw identity?.error ?? new Error('identifyCaller did not run for this request');
  }
}

const HOW_TO_SEND_TOKEN = 'send Authorization: Bearer <token>; `npx qo token create` on the server makes one';

/** Gives the key under which the rate limit counts a request: the caller's id, or the client's address without one. */
export function limitKeyOf(req: Request): string {
  const identity = identities.get(req);
  const id = identity?.kind === 'caller' ? identity.caller.id : null;
  return id ?? ipKeyGenerator(req.ip ?? '');
}
