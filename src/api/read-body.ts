/**
 * How the body of a request is read: how large, of which kind, how deep, and of whole characters; each refusal says what it may be.
 */
import express from 'express';
import type { Request, RequestHandler } from 'express';
import { DEPTH_LIMIT, TOO_MANY, isTooDeep, memberTooMany } from '../domain/canonical';
import { isObject } from '../domain/json';
import { refuseBrokenText, refuseHalfCharacters } from './parse';
import { Problem, malformed } from './problems';

const LIMIT_BYTES = 1024 * 1024;
/** Attachments of 5 MiB in base64, and the rest of the body. */
const START_LIMIT_BYTES = 8 * 1024 * 1024;
const WRITES = ['POST', 'PATCH'];
const JSON_TYPE = /^application\/json\s*(;|$)/i;
/** Instead of the type, where there is no body. A browser sends them for a page of another origin only after a preflight. */
const OF_NO_FORM = ['idempotency-key', 'x-actor'];
const SHOWN_CHARS = 100;
const START = /^\/api\/workflows\/[^/]+\/start\/?$/i;
/** A page of a history. */
const CODEC = /^\/codec\/(?:de|en)code\/?$/i;

/** Said at once: the body parser would first wait for all of it, however much is announced and however slowly it comes. */
const refuseLarge: RequestHandler = (req, _res, next) => {
  const limit = limitOf(req);
  if (Number(req.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
  next();
};

/**
 * A form of any page can send a POST: with a body of three other types, or with none. It cannot send this type, nor headers of
 * its own. And the body parser leaves other media alone: a request that meant something must not look like one without a body.
 */
const refuseOtherMedia: RequestHandler = (req, _res, next) => {
  const hasBody = req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
  const isJson = JSON_TYPE.test(req.headers['content-type'] ?? '');
  if (hasBody && !isJson) {
    throw new Problem('Request.UnsupportedMedia', 'the body must be sent as Content-Type: application/json');
  }
  if (WRITES.includes(req.method) && !isJson && !OF_NO_FORM.some((name) => req.headers[name] !== undefined)) {
    const why = 'a page of another site could send this request without it';
    throw new Problem('Request.UnsupportedMedia', `send Content-Type: application/json, without a body too: ${why}`);
  }
  next();
};

const readJsonUpTo = (limit: number): RequestHandler =>
  express.json({ limit, verify: (...[, , bytes, encoding]) => refuseBrokenText(bytes, encoding) });
const readSmall = readJsonUpTo(LIMIT_BYTES);
const readLarge = readJsonUpTo(START_LIMIT_BYTES);

const readJson: RequestHandler = (req, res, next) => (isLarge(req) ? readLarge : readSmall)(req, res, next);

/** Only attachments may make a body larger than others. */
const refuseLargeRest: RequestHandler = (req, _res, next) => {
  if (isStart(req) && isObject(req.body)) {
    const rest = JSON.stringify({ ...req.body, attachments: undefined });
    if (Buffer.byteLength(rest) > LIMIT_BYTES)
      throw new Problem('Request.TooLarge', 'the body without its attachments may be at most 1 MiB');
  }
  next();
};

/** Before every other walk through the body. */
const refuseMany: RequestHandler = (req, _res, next) => {
  const member = memberTooMany(req.body);
  if (member !== undefined) throw malformed(member.toWellFormed().slice(0, SHOWN_CHARS), TOO_MANY);
  next();
};

const refuseDeep: RequestHandler = (req, _res, next) => {
  if (isTooDeep(req.body)) throw malformed('(body)', `must not be nested deeper than ${DEPTH_LIMIT} levels`);
  next();
};

/** Not deep any more, so that the walk is bounded. */
const refuseHalves: RequestHandler = (req, _res, next) => {
  refuseHalfCharacters(req.body);
  next();
};

/** In this order. */
export const readBody: RequestHandler[] = [
  ...[refuseLarge, refuseOtherMedia, readJson],
  ...[refuseMany, refuseDeep, refuseLargeRest, refuseHalves],
];

export function tooLarge(limitBytes: number): Problem {
  return new Problem('Request.TooLarge', `the body may be at most ${limitBytes / 1024 / 1024} MiB`);
}

function limitOf(req: Request): number {
  return isLarge(req) ? START_LIMIT_BYTES : LIMIT_BYTES;
}

function isLarge(req: Request): boolean {
  return isStart(req) || (req.method === 'POST' && CODEC.test(req.path));
}

function isStart({ method, path }: Request): boolean {
  return method === 'POST' && START.test(path);
}
