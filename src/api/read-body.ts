/**
 * Reads the JSON body of a request, and refuses bodies by size, media type, depth and broken text; each refusal states the limit.
 */
import express from 'express';
import type { Request, RequestHandler } from 'express';
import { DEPTH_LIMIT, TOO_MANY_MEMBERS, isTooDeep, memberOverLimit } from '../domain/canonical';
import { isObject } from '../domain/json';
import { refuseBrokenText, refuseHalfCharacters } from './parse';
import { Problem, malformed } from './problems';

const BODY_LIMIT_BYTES = 1024 * 1024;
/** Attachments of 5 MiB take 6.7 MiB in base64; the other members take at most 1 MiB. */
const START_LIMIT_BYTES = 8 * 1024 * 1024;
const WRITE_METHODS = ['POST', 'PATCH'];
const JSON_CONTENT_TYPE = /^application\/json\s*(;|$)/i;
/** Headers that may replace Content-Type if there is no body: a page of another origin can send them only after a preflight. */
const PREFLIGHTED_HEADERS = ['idempotency-key', 'x-actor'];
const FIELD_LIMIT_CHARS = 100;
const START_PATH = /^\/api\/workflows\/[^/]+\/start\/?$/i;
/** The codec's bodies are pages of a history, which are large. */
const CODEC_PATH = /^\/codec\/(?:de|en)code\/?$/i;

/** Refuses by Content-Length at once: the body parser would first read the whole body. */
const refuseDeclaredSize: RequestHandler = (req, _res, next) => {
  const limit = limitOf(req);
  if (Number(req.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
  next();
};

/**
 * Refuses requests that an HTML form of any page could send: a form cannot set this content type or further headers. The body
 * parser ignores other media types, so that without this check such a request would look as if it had no body.
 */
const refuseOtherMedia: RequestHandler = (req, _res, next) => {
  const hasBody = req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
  const isJson = JSON_CONTENT_TYPE.test(req.headers['content-type'] ?? '');
  if (hasBody && !isJson) {
    throw new Problem('Request.UnsupportedMedia', 'the body must be sent as Content-Type: application/json');
  }
  if (
    WRITE_METHODS.includes(req.method) &&
    !isJson &&
    !PREFLIGHTED_HEADERS.some((name) => req.headers[name] !== undefined)
  ) {
    const why = 'a page of another site could send this request without it';
    throw new Problem('Request.UnsupportedMedia', `send Content-Type: application/json, without a body too: ${why}`);
  }
  next();
};

/** `verify` gets the request, the response, the bytes and their encoding. */
const readJsonUpTo = (limit: number): RequestHandler =>
  express.json({ limit, verify: (...[, , bytes, encoding]) => refuseBrokenText(bytes, encoding) });
const readSmall = readJsonUpTo(BODY_LIMIT_BYTES);
const readLarge = readJsonUpTo(START_LIMIT_BYTES);

const readJson: RequestHandler = (req, res, next) => (mayBeLarge(req) ? readLarge : readSmall)(req, res, next);

/** Only the attachments of a start may exceed the usual limit. */
const refuseLargeBesidesAttachments: RequestHandler = (req, _res, next) => {
  if (isStart(req) && isObject(req.body)) {
    const otherMembers = JSON.stringify({ ...req.body, attachments: undefined });
    if (Buffer.byteLength(otherMembers) > BODY_LIMIT_BYTES)
      throw new Problem('Request.TooLarge', 'the body without its attachments may be at most 1 MiB');
  }
  next();
};

/** Runs before the other checks of the body, since each of them visits every member. */
const refuseTooManyMembers: RequestHandler = (req, _res, next) => {
  const member = memberOverLimit(req.body);
  if (member !== undefined) throw malformed(member.toWellFormed().slice(0, FIELD_LIMIT_CHARS), TOO_MANY_MEMBERS);
  next();
};

const refuseDeepNesting: RequestHandler = (req, _res, next) => {
  if (isTooDeep(req.body)) throw malformed('(body)', `must not be nested deeper than ${DEPTH_LIMIT} levels`);
  next();
};

/** Runs after `refuseDeepNesting`, so that its recursion is bounded. */
const refuseHalfCharacter: RequestHandler = (req, _res, next) => {
  refuseHalfCharacters(req.body);
  next();
};

/** The handlers, in the order in which they must run. */
export const readBody: RequestHandler[] = [
  ...[refuseDeclaredSize, refuseOtherMedia, readJson],
  ...[refuseTooManyMembers, refuseDeepNesting, refuseLargeBesidesAttachments, refuseHalfCharacter],
];

export function tooLarge(limitBytes: number): Problem {
  return new Problem('Request.TooLarge', `the body may be at most ${limitBytes / 1024 / 1024} MiB`);
}

function limitOf(req: Request): number {
  return mayBeLarge(req) ? START_LIMIT_BYTES : BODY_LIMIT_BYTES;
}

function mayBeLarge(req: Request): boolean {
  return isStart(req) || (req.method === 'POST' && CODEC_PATH.test(req.path));
}

function isStart({ method, path }: Request): boolean {
  return method === 'POST' && START_PATH.test(path);
}
