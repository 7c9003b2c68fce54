/**
 * Answers every failed request with one problem+json. Only messages written in this repository reach the client.
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
  // git shows its user only answers in plain text.
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

/** Basic is offered to git, which sends a password only to a server that asks for Basic. */
function challengesFor(req: Request): string[] {
  const bearer = req.headers.authorization !== undefined ? 'Bearer error="invalid_token"' : 'Bearer';
  return isForGit(req) ? [bearer, 'Basic realm="Q Orchestrator", charset="UTF-8"'] : [bearer];
}

/** Must be called before the answer has begun; after that Express's own handler closes the connection. */
export function answerError(error: unknown, { log }: { log: Logger }, res: Response): void {
  const problem = problemOf(error);
  if (kindOf(problem.name).status >= 500 && !(error instanceof Problem)) {
    log.error({ err: error }, 'the API failed to answer a request');
  }
  answerProblem(res, problem);
}

/** Express and its body parser mark errors of the client with a status and a `type`. */
function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  // Thrown by the codec: this API lacks the key with which the build was encrypted.
  if (error instanceof Error && error.name === 'PayloadUnreadable')
    return new Problem('Build.Unreadable', error.message);
  const failure = error instanceof Failure ? error : storageFailureOf(error);
  if (failure !== undefined) return new Problem(failure.type, failure.message);
  const { status, type, limit } = (error ?? {}) as { status?: unknown; type?: unknown; limit?: unknown };
  if (status === 413) return tooLarge(Number(limit));
  if (status === 415)
    return new Problem('Request.UnsupportedMedia', 'the body must be JSON in UTF-8, compressed at most once');
  if (type === 'entity.parse.failed') return new Problem('Request.Malformed', 'the body is not valid JSON');
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new Problem('Request.Malformed', 'the address or the body cannot be decoded');
  }
  return new Problem('Server.Failed', 'an unexpected error occurred; the API log has it under the request id');
}
