/**
 * What browsers may ask of this API: its own pages, and pages of the origins that CORS_ORIGINS names. Before everything else.
 */
import cors from 'cors';
import type { Request, RequestHandler } from 'express';
import type { HostName, WebRules } from '../domain/web-callers';
import { namesOf, readWebRequest, webRefusal } from '../domain/web-callers';
import { answerProblem } from './answer-problem';
import { Problem, malformed } from './problems';
import type { WebUi } from './web-ui';

export interface BrowserRules {
  /** The address that the server listens on, as HOST has it. */
  host: string;
  /** ALLOWED_HOSTS: names that lead here beside its own. */
  allowedHosts: readonly HostName[];
  /** CORS_ORIGINS. */
  origins: readonly string[];
}

/** Of a server on the loopback without settings. */
export const LOOPBACK_ONLY: BrowserRules = { host: '127.0.0.1', allowedHosts: [], origins: [] };

const METHODS = ['GET', 'HEAD', 'POST', 'PATCH'];
const SENT = [
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'X-Actor',
  'X-Request-Id',
  'X-Namespace',
  'Last-Event-ID',
];
const SHOWN = ['X-Request-Id', 'Retry-After', 'Allow', 'WWW-Authenticate', 'RateLimit', 'RateLimit-Policy'];
const PREFLIGHT_S = 600;

/**
 * Answers 421 `Request.ForeignHost`, 403 `Request.ForeignOrigin`, 400 without one single Host; answers preflights of allowed
 * origins. The Temporal Web UI may ask the codec, and nothing else.
 */
export function refuseForeign({ host, allowedHosts, origins }: BrowserRules, webUi?: WebUi): RequestHandler {
  const share = shareWith(origins);
  const codecOrigins = [...origins, ...(webUi === undefined ? [] : originsOf(webUi.url))];
  const shareCodec = shareWith(codecOrigins);
  return (req, res, next) => {
    res.vary('Origin');
    const port = req.socket.localPort ?? 0;
    const isCodec = req.path.startsWith(CODEC);
    const allowed = isCodec ? codecOrigins : origins;
    const rules = {
      ...namesOf({ host, port }, allowedHosts),
      origins: allowed,
      isPage: (path: string) => path === '/',
    };
    const problem = problemOf(req, rules);
    if (problem !== undefined) answerProblem(res, problem);
    else if (req.headers.origin === undefined || !allowed.includes(req.headers.origin)) next();
    else (isCodec ? shareCodec : share)(req, res, next);
  };
}

const CODEC = '/codec/';

/** No credentials: there are no cookies, and a token is a header that the page sets itself. */
function shareWith(origins: readonly string[]): RequestHandler {
  return cors({
    ...{ origin: [...origins], methods: METHODS, allowedHeaders: SENT, exposedHeaders: SHOWN },
    ...{ maxAge: PREFLIGHT_S, credentials: false },
  });
}

/** People open the Web UI of this machine by either name. */
function originsOf(url: string): string[] {
  const { origin, hostname } = new URL(url);
  if (hostname !== '127.0.0.1' && hostname !== 'localhost') return [origin];
  return ['127.0.0.1', 'localhost'].map((name) => origin.replace(hostname, name));
}

function problemOf(req: Request, rules: WebRules): Problem | undefined {
  const request = readWebRequest(req);
  if (req.httpVersion === '1.1' && request.hosts.length === 0) return malformed('Host', 'is missing');
  const refusal = webRefusal(request, rules);
  return refusal && new Problem(KINDS[refusal.kind], refusal.message);
}

const KINDS = {
  syntax: 'Request.Malformed',
  host: 'Request.ForeignHost',
  origin: 'Request.ForeignOrigin',
} as const;
