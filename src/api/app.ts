/**
 * Puts the HTTP API together: the handlers that run before every route, the routes, and the answer to unknown addresses.
 *
 * Routes parse, make one call to a build, and present the result. No part of a request is used before a schema has checked it.
 */
import { randomUUID } from 'node:crypto';
import express from 'express';
import type { Express, RequestHandler, Router } from 'express';
import { rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import { pinoHttp } from 'pino-http';
import { identifyCaller, limitKeyOf, requireCaller } from './access/callers';
import { watchAnswers } from './access/open-answers';
import { answerError, answerProblem } from './answer-problem';
import { LOOPBACK_ONLY, refuseForeign } from './browsers';
import type { ApiDeps } from './deps';
import { mount } from './mount';
import type { Route } from './mount';
import { Problem, malformed } from './problems';
import { readBody } from './read-body';
import { amendRoutes } from './routes/amend';
import { artifactRoutes } from './routes/artifacts';
import { checkRoutes } from './routes/check';
import { codecRoutes } from './routes/codec';
import { commandRoutes } from './routes/commands';
import { gitRoutes } from './routes/git';
import { healthRoutes } from './routes/health';
import { homeRoutes } from './routes/home';
import { planRoutes } from './routes/plan';
import { noticeRoutes } from './routes/notices';
import { projectRoutes } from './routes/projects';
import { promptRoutes } from './routes/prompt';
import { readRoutes } from './routes/reads';
import { recordRoutes } from './routes/record';
import { redactRoutes } from './routes/redact';
import { releaseRoutes } from './routes/releases';
import { settingsRoutes } from './routes/settings';
import { startRoutes } from './routes/start';
import { redactAnswers } from './redact-answers';

const ADDRESS_LIMIT_CHARS = 8_000;

export function createApp(deps: ApiDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  // Clients do not send If-None-Match, and the digest of each answer takes a tenth of the time of a `status`.
  app.disable('etag');
  app.use(requestLog(deps), helmet());
  app.use(refuseForeign(deps.browsers ?? LOOPBACK_ONLY, deps.webUi), identifyCaller(deps));
  if (deps.rateLimitPerMinute !== undefined) app.use(limitRate(deps.rateLimitPerMinute));
  const routes = createRoutes(deps);
  app.use((req, res, next) =>
    routes(req, res, (error: unknown) =>
      res.headersSent ? next(error) : answerError(error ?? UNKNOWN_ROUTE, req, res),
    ),
  );
  return app;
}

const UNKNOWN_ROUTE = new Problem('Request.UnknownRoute', 'no route has this address');

/** All handlers that may throw; `createApp` answers their errors in one place. */
function createRoutes(deps: ApiDeps): Router {
  const router = express.Router();
  router.use(refuseLongAddress, redactAnswers(deps));
  mount(router, healthRoutes(deps));
  // From here on a caller without a valid token is refused, even if the address has no route.
  router.use(requireCaller, watchAnswers(deps));
  // Before `readBody`: a push is streamed and has its own limit.
  mount(router, gitRoutes(deps));
  router.use(readBody);
  mount(router, bodyRoutes(deps));
  return router;
}

/** All routes except those for git clients and for health checks. */
export function bodyRoutes(deps: ApiDeps): Route[] {
  return [
    // First, since they are called most often.
    ...readRoutes(deps),
    ...homeRoutes(deps),
    // Before the routes of a build, which would read `project` as a build's id.
    ...projectRoutes(deps),
    ...releaseRoutes(deps),
    ...noticeRoutes(deps),
    ...settingsRoutes(deps),
    ...startRoutes(deps),
    ...checkRoutes(deps),
    ...commandRoutes(deps),
    ...amendRoutes(deps),
    ...planRoutes(deps),
    ...promptRoutes(deps),
    ...recordRoutes(deps),
    ...redactRoutes(deps),
    ...codecRoutes(deps),
    ...artifactRoutes(deps),
  ];
}

/** Logs one line a request at `debug`: method, address, status, time. Bodies and headers may hold secrets and are not logged. */
function requestLog({ log }: ApiDeps): RequestHandler {
  return pinoHttp({
    logger: log,
    useLevel: 'debug',
    genReqId(req, res) {
      const givenId = req.headers['x-request-id'];
      const id = typeof givenId === 'string' && /^[A-Za-z0-9_.-]{1,64}$/.test(givenId) ? givenId : randomUUID();
      res.setHeader('X-Request-Id', id);
      return id;
    },
    serializers: {
      req: ({ id, method, url }: { id: string; method: string; url: string }) => ({
        id,
        method,
        url: url.slice(0, 300),
      }),
      res: ({ statusCode }: { statusCode: number }) => ({ statusCode }),
    },
    autoLogging: { ignore: (req) => req.url === '/healthz' || req.url === '/readyz' },
  });
}

function limitRate(limit: number): RequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator: limitKeyOf,
    // The library sets Retry-After; its own body would be plain text.
    handler: (_req, res) => answerProblem(res, new Problem('Request.TooMany', `at most ${limit} requests a minute`)),
  });
}

/** Refuses addresses that are too long, whether or not a route has them. */
const refuseLongAddress: RequestHandler = (req, _res, next) => {
  if (req.url.length > ADDRESS_LIMIT_CHARS) {
    throw malformed('(address)', `may have at most ${ADDRESS_LIMIT_CHARS} characters, its query with it`);
  }
  next();
};
