/**
 * Removes secrets from all JSON answers of the API, whether they came from a request, a role, a repository or a signal.
 */
import type { RequestHandler } from 'express';
import { redactValue } from '../inspect/secrets/redact';
import type { ApiDeps } from './deps';
import { isLarge, redact } from './redacting';

/** A member of `res.locals`. A route sets it if the answer is the caller's own content, or is redacted already. */
export const SKIP_REDACTION = 'isShownAsItIs';

/** Wraps `res.json`. A large answer is redacted in a thread and sent after `res.json` has returned. */
export function redactAnswers({ readers }: Pick<ApiDeps, 'readers'>): RequestHandler {
  return (_req, res, next) => {
    const json = res.json.bind(res);
    res.json = (body: unknown) => {
      if (res.locals[SKIP_REDACTION] === true) return json(body);
      if (!isLarge(body)) return json(redactValue(body).value);
      redact(readers, body).then(({ value }) => json(value), next);
      return res;
    };
    next();
  };
}
