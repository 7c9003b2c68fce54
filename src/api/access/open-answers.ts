/**
 * Watches the answers that are still being sent, and ends those whose token has expired or was revoked.
 */
import type { Request, RequestHandler, Response } from 'express';
import type { Caller } from '../../domain/access';
import type { ApiDeps } from '../deps';
import { callerOf } from './callers';

const CHECK_INTERVAL_MS = 500;

/** Watches every route's answers; short ones are complete before the first check. */
export function watchAnswers({ access, log }: Pick<ApiDeps, 'access' | 'log'>): RequestHandler {
  const openAnswers = new Map<Response, Caller>();
  let timer: NodeJS.Timeout | undefined;
  const endExpired = async (): Promise<void> => {
    if (openAnswers.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
    for (const [res, caller] of [...openAnswers]) {
      // A token that cannot be checked now counts as valid until the next check.
      if (await access.isCurrent(caller).catch(() => true)) continue;
      log.info({ token: caller.name }, 'an answer was ended: its token is no longer valid');
      openAnswers.delete(res);
      res.destroy();
    }
  };
  return (req: Request, res, next) => {
    openAnswers.set(res, callerOf(req));
    res.once('close', () => openAnswers.delete(res));
    timer ??= setInterval(() => void endExpired(), CHECK_INTERVAL_MS).unref();
    next();
  };
}
