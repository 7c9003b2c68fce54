/**
 * Answers that are still being sent, each with its caller: where a token expires or is revoked, what it was being told ends with it.
 */
import type { Request, RequestHandler, Response } from 'express';
import type { Caller } from '../../domain/access';
import type { ApiDeps } from '../deps';
import { callerOf } from './callers';

const LOOK_MS = 500;

/** For all routes: the short answers are over before anybody looks. */
export function watchAnswers({ access, log }: Pick<ApiDeps, 'access' | 'log'>): RequestHandler {
  const open = new Map<Response, Caller>();
  let timer: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    if (open.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
    for (const [res, caller] of [...open]) {
      // What cannot be asked now is asked again in a moment.
      if (await access.isCurrent(caller).catch(() => true)) continue;
      log.info({ token: caller.name }, 'an answer was broken off: its token counts no more');
      open.delete(res);
      res.destroy();
    }
  };
  return (req: Request, res, next) => {
    open.set(res, callerOf(req));
    res.once('close', () => open.delete(res));
    timer ??= setInterval(() => void look(), LOOK_MS).unref();
    next();
  };
}
