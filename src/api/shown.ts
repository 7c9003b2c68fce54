/**
 * What the API shows holds no secret, wherever it came from: request, role, repository, or a signal past the API.
 */
import type { RequestHandler } from 'express';
import { redactValue } from '../inspect/secrets/redact';

/** Set in `res.locals` by a route whose answer is the caller's own, or was redacted already. */
export const AS_IT_IS = 'isShownAsItIs';

export const withoutSecrets: RequestHandler = (_req, res, next) => {
  const json = res.json.bind(res);
  res.json = (body: unknown) => json(res.locals[AS_IT_IS] === true ? body : redactValue(body).value);
  next();
};
