/**
 * Limits which web pages may call this API: its own, and those of the origins that CORS_ORIGINS names. Runs before all handlers.
 */
import cors from 'cors';
import type { Request, RequestHandler } from 'express';
import type { HostName, WebRules } from '../domain/web-callers';
import { hostNamesOf, readWebRequest, webRefusal } from '../domain/web-callers';
import { answerProblem } from './answer-problem';
import { Problem, malformed } from './problems';
import type { WebUi } from './web-ui';

export interface BrowserRules {
  /** The address that the server listens on, as HOST has it. */
  host: string;
  /** ALLOWED_HOSTS: further names of this server, such as that of a proxy before it. */
  allowedHosts: readonly HostName[];
  /** CORS_ORIGINS. */
  origins: readonly string[];
}

/** The rules of a server that listens on the loopback and has no settings. */
export const LOOPBACK_ONLY: BrowserRules = { host: '127.0.0.1', allowedHosts: [], origins: [] };

const METHODS = ['GET', 'HEAD', 'POST', 'PATCH'];
const REQUEST_HEADERS = [
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'X-Actor',
  'X-Request-Id',
  'X-Namespace',
  'Last-Event-ID',
];
const EXPOSED_HEADERS = ['X-Request-Id', 'Retry-After', 'Allow', 'WWW-Authenticate', 'RateLimit', 'RateLimit-Policy'];
const PREFLIGHT_MAX_AGE_S = 600;

/**
 * Answers 421 `Request.ForeignHost`, 403 `Request.ForeignOrigin`, 400 unless there is exactly one Host; answers preflights of
 * allowed origins. Pages of the Temporal Web UI may call the codec only.
 */
export function refuseForeign({ host, allowedHosts, origins }: BrowserRules, webUi?: WebUi): RequestHandler {
  const apiCors = createCors(origins);
  const codecOrigins = [...origins, ...(webUi === undefined ? [] : originsOf(webUi.url))];
  const codecCors = createCors(codecOrigins);
  return (req, res, next) => {
    res.vary('Origin');
    const port = req.socket.localPort ?? 0;
    const isCodec = req.path.startsWith(CODEC_PATH);
    const allowedOrigins = isCodec ? codecOrigins : origins;
    const rules = {
      ...hostNamesOf({ host, port }, allowedHosts),
      origins: allowedOrigins,
      isPage: (path: string) => path === '/',
    };
    const problem = problemOf(req, rules);
    if (problem !== undefined) answerProblem(res, problem);
    else if (req.headers.origin === undefined || !allowedOrigins.includes(req.headers.origin)) next();
    else (isCodec ? codecCors : apiCors)(req, res, next);
  };
}

const CODEC_PATH = '/codec/';

/** Credentials stay off: the API has no cookies, and a page sets the header with its token itself. */
function createCors(origins: readonly string[]): RequestHandler {
  return cors({
    ...{ origin: [...origins], methods: METHODS, allowedHeaders: REQUEST_HEADERS, exposedHeaders: EXPOSED_HEADERS },
    ...{ maxAge: PREFLIGHT_MAX_AGE_S, credentials: false },
  });
}

/** A Web UI on the loopback has two origins: people open it as 127.0.0.1 and as localhost. */
function originsOf(url: string): string[] {
  const { origin, hostname } = new URL(url);
  if (hostname !== '127.0.0.1' && hostname !== 'localhost') return [origin];
  return ['127.0.0.1', 'localhost'].map((name) => origin.replace(hostname, name));
}

function problemOf(req: Request, rules: WebRules): Problem | undefined {
  const request = readWebRequest(req);
  if (req.httpVersion === '1.1' && request.hosts.length === 0) return malformed('Host', 'is missing');
  const refusal = webRefusal(request, rules);
  return refusal && new Problem(PROBLEM_NAMES[refusal.kind], refusal.message);
}

const PROBLEM_NAMES = {
  syntax: 'Request.Malformed',
  host: 'Request.ForeignHost',
  origin: 'Request.ForeignOrigin',
} as const;
