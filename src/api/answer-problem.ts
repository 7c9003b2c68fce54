/**
 * The end of every request that went wrong: one problem+json, and words of ours only.
 */
import type { Request, Response } from 'express';
import type { Logger } from 'pino';
import { Failure } from '../domain/failures';
import { isForGit } from './access/credential';
import { storageFailureOf } from '../domain/storage-failure';
import { Problem, kindOf, problemBody } from './problems';
import { tooLarge } from './read-body';

export function answerProblem(res: Response, problem: Problem): void {
  const { retryAfterS } = kindOf(problem.name);
  if (retryAfterS !== undefined) res.set('Retry-After', String(retryAfterS));
  if (problem.name === 'Access.Unauthenticated') res.set('WWW-Authenticate', challengesFor(res.req));
  // git shows its user what is plain text, and nothing else.
  if (isGitClient(res.req)) {
    res.status(kindOf(problem.name).status).type('text/plain').send(`${problem.message}\n`);
    return;
  }
  const { status, text } = problemBody(problem, { request_id: res.getHeader('X-Request-Id') });
  res.status(status).type('application/problem+json');
  res.send(text);
}

function isGitClient(req: Request): boolean {
  return isForGit(req) && /^git\//.test(req.headers['user-agent'] ?? '');
}

/** git sends a password only to a server that asks for Basic. */
function challengesFor(req: Request): string[] {
  const bearer = req.headers.authorization !== undefined ? 'Bearer error="invalid_token"' : 'Bearer';
  return isForGit(req) ? [bearer, 'Basic realm="Q Orchestrator", charset="UTF-8"'] : [bearer];
}

/** Where the answer has begun, only the connection can still be ended: that is Express's own handler's work. */
export function answerError(error: unknown, { log }: { log: Logger }, res: Response): void {
  const problem = problemOf(error);
  if (kindOf(problem.name).status >= 500 && !(error instanceof Problem)) {
    log.error({ err: error }, 'a request failed on this side');
  }
  answerProblem(res, problem);
}

/** Express and its body parser mark the client's faults with a status and a `type`. */
function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  // The codec's: this API has not the key that the build was encrypted with.
  if (error instanceof Error && error.name === 'PayloadUnreadable')
    return new Problem('Build.Unreadable', error.message);
  const failure = error instanceof Failure ? error : storageFailureOf(error);
  if (failure !== undefined) return new Problem(failure.type, failure.message);
  const { status, type, limit } = (error ?? {}) as { status?: unknown; type?: unknown; limit?: unknown };
  if (status === 413) return tooLarge(Number(limit));
  if (status === 415)
    return new Problem('Request.UnsupportedMedia', 'the body must be JSON in UTF-8, not compressed twice');
  if (type === 'entity.parse.failed') return new Problem('Request.Malformed', 'the body is not valid JSON');
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new Problem('Request.Malformed', 'the address or the body cannot be decoded');
  }
  return new Problem('Server.Failed', 'something unexpected happened; the log has it under the request id');
}
