/**
 * What the API shows holds no secret, wherever it came from: request, role, repository, or a signal past the API.
 */
import type { RequestHandler } from 'express';
import { redactValue } from '../inspect/secrets/redact';
import type { ApiDeps } from './deps';
import { isLarge, redact } from './redacting';

/** Set in `res.locals` by a route whose answer is the caller's own, or was redacted already. */
export const AS_IT_IS = 'isShownAsItIs';

/** A large answer is sent a moment after `res.json` has returned. */
export function withoutSecrets({ readers }: Pick<ApiDeps, 'readers'>): RequestHandler {
  return (_req, res, next) => {
    const json = res.json.bind(res);
    res.json = (body: unknown) => {
      if (res.locals[AS_IT_IS] === true) return json(body);
      if (!isLarge(body)) return json(redactValue(body).value);
      redact(readers, body).then(({ value }) => json(value), next);
      return res;
    };
    next();
  };
}
