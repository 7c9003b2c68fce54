/**
 * Who calls: asked once a request, before anything else is done for it, and kept beside the request.
 */
import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator } from 'express-rate-limit';
import type { Caller } from '../../domain/access';
import type { Identified } from '../../ports/access';
import type { ApiDeps } from '../deps';
import { Problem } from '../problems';
import { credentialIn } from './credential';

type Found = Identified | { kind: 'failed'; error: unknown };

const found = new WeakMap<object, Found>();

/** Refuses nobody: who is nobody still counts against a limit of requests, by the address. */
export function identifyCaller({ access }: Pick<ApiDeps, 'access'>): RequestHandler {
  const identify = async (req: Request): Promise<Found> => {
    const credential = credentialIn(req);
    if (credential === null || typeof credential === 'string') return access.identify(credential);
    // Where nobody is asked, a header that means nothing is no fault.
    return (await access.isAsked()) ? { kind: 'refused', words: credential.unreadable } : access.identify(null);
  };
  return async (req, _res, next) => {
    found.set(req, await identify(req).catch((error: unknown): Found => ({ kind: 'failed', error })));
    next();
  };
}

/** Refuses who may not ask anything here, also where there is no such route. */
export const requireCaller: RequestHandler = (req, _res, next) => {
  callerOf(req);
  next();
};

/** Throws the problem that stands in the way of an answer. */
export function callerOf(req: Request): Caller {
  const one = found.get(req);
  switch (one?.kind) {
    case 'caller':
      return one.caller;
    case 'missing':
      throw new Problem('Access.Unauthenticated', `a token is missing: ${HOW}`);
    case 'refused':
      throw new Problem('Access.Unauthenticated', `the token is refused: ${one.words}`);
    case 'empty':
      throw new Problem('Access.Forbidden', one.words);
    case 'unknowable':
      throw new Problem('Access.IssuerAway', `${one.words}; nobody can tell whether the token is right`);
    default:
      throw one?.error ?? new Error('the caller of this request was not asked for');
  }
}

const HOW = 'send Authorization: Bearer <token>; `npx qo token create` on the server makes one';

/** What requests are counted by. */
export function limitKeyOf(req: Request): string {
  const one = found.get(req);
  const id = one?.kind === 'caller' ? one.caller.id : null;
  return id ?? ipKeyGenerator(req.ip ?? '');
}
