/**
 * The HTTP API: what goes before every request, the routes, and what happens where none fits.
 *
 * Thin: parse, one call to a build, present. Nothing of a request is trusted before a schema has seen it.
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
import { projectRoutes } from './routes/projects';
import { promptRoutes } from './routes/prompt';
import { readRoutes } from './routes/reads';
import { recordRoutes } from './routes/record';
import { redactRoutes } from './routes/redact';
import { releaseRoutes } from './routes/releases';
import { startRoutes } from './routes/start';
import { withoutSecrets } from './shown';

const ADDRESS_LIMIT_CHARS = 8_000;

export function createApp(deps: ApiDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  // Nobody asks with If-None-Match, and the digest of each answer is a tenth of what a status costs.
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

/** All that may end in an error, which is then answered in one place. */
function createRoutes(deps: ApiDeps): Router {
  const router = express.Router();
  router.use(refuseOddAddress, withoutSecrets(deps));
  mount(router, healthRoutes(deps));
  // From here on nobody without a right is told anything, not even that an address is none.
  router.use(requireCaller, watchAnswers(deps));
  // Before the body is looked at: git's is streamed, and bounded by its own measure.
  mount(router, gitRoutes(deps));
  router.use(readBody);
  mount(router, bodyRoutes(deps));
  return router;
}

/** All but those for git clients and for health checks. */
export function bodyRoutes(deps: ApiDeps): Route[] {
  return [
    // First, since they are asked most.
    ...readRoutes(deps),
    ...homeRoutes(deps),
    // Before the routes of a build: `project` is no build's id.
    ...projectRoutes(deps),
    ...releaseRoutes(deps),
    ...startRoutes(deps),
    ...checkRoutes(deps),
    ...commandRoutes(deps),
    ...amendRoutes(deps),
    ...promptRoutes(deps),
    ...recordRoutes(deps),
    ...redactRoutes(deps),
    ...codecRoutes(deps),
    ...artifactRoutes(deps),
  ];
}

/** One line a request, for a log at `debug`: method, address, status, time. Bodies and headers are nobody's business. */
function requestLog({ log }: ApiDeps): RequestHandler {
  return pinoHttp({
    logger: log,
    useLevel: 'debug',
    genReqId(req, res) {
      const given = req.headers['x-request-id'];
      const id = typeof given === 'string' && /^[A-Za-z0-9_.-]{1,64}$/.test(given) ? given : randomUUID();
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
    // Sets Retry-After by itself; its own body would be text.
    handler: (_req, res) => answerProblem(res, new Problem('Request.TooMany', `at most ${limit} requests a minute`)),
  });
}

/** Also where no route has it: an address that long is a mistake of its own kind. */
const refuseOddAddress: RequestHandler = (req, _res, next) => {
  if (req.url.length > ADDRESS_LIMIT_CHARS) {
    throw malformed('(address)', `may have at most ${ADDRESS_LIMIT_CHARS} characters, its query with it`);
  }
  next();
};
