/**
 * Tokens of an OpenID Connect issuer: JWTs, checked against the keys that the issuer publishes.
 *
 * `jose` does the cryptography. What is decided here: which issuer, audience and algorithms count, what scopes allow, and
 * whether it is the token or the issuer that is at fault.
 */
import type * as jose from 'jose';
import { isProjects, isRight } from '../../domain/access';
import type { Projects } from '../../domain/access';
import { isObject } from '../../domain/json';
import type { Identified } from '../../ports/access';

/** Signatures by the issuer's private key alone: with `none` or a shared secret anybody could make one. */
export const OIDC_ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'],
] as const;

export interface OidcOptions {
  /** As it stands in the claim `iss`. */
  issuer: string;
  audience: string;
  algorithms: string[];
  /** What the clocks of the issuer and of this machine may differ, in seconds. */
  clockSkewS: number;
  /** The claim with the ids of projects, or "*". */
  projectsClaim: string;
  fetch: typeof globalThis.fetch;
}

type Jose = typeof jose;

const TIMEOUT_MS = 5_000;
/** Callers who come while the issuer is away do not ask it each. */
const ASK_AGAIN_MS = 2_000;
const NAME_LIMIT_CHARS = 200;

class IssuerAway extends Error {}

export function createOidc(options: OidcOptions): (token: string) => Promise<Identified> {
  const keysOf = createKeys(options);
  return async (token) => {
    const library = await import('jose');
    // What is wrong by itself is refused without the issuer.
    const wrong = findWrong(library, token, options);
    if (wrong !== undefined) return { kind: 'refused', words: wrong };
    try {
      const { payload } = await library.jwtVerify(token, createKeyGetter(library, keysOf), {
        issuer: options.issuer,
        audience: options.audience,
        algorithms: options.algorithms,
        clockTolerance: options.clockSkewS,
        requiredClaims: ['exp', 'sub'],
      });
      return callerOf(payload, options);
    } catch (error) {
      if (error instanceof IssuerAway) return { kind: 'unknowable', words: error.message };
      return { kind: 'refused', words: wordsOf(library, error) };
    }
  };
}

function findWrong(library: Jose, token: string, { issuer, algorithms }: OidcOptions): string | undefined {
  try {
    const { alg } = library.decodeProtectedHeader(token);
    if (alg === undefined || !algorithms.includes(alg)) return 'its algorithm (alg) is none of OIDC_ALGORITHMS';
    return library.decodeJwt(token).iss === issuer ? undefined : 'it is of another issuer (iss) than OIDC_ISSUER';
  } catch {
    return 'it is no JWT';
  }
}

function createKeyGetter(
  library: Jose,
  keysOf: (library: Jose) => Promise<jose.JWTVerifyGetKey>,
): jose.JWTVerifyGetKey {
  return async (header, token) => {
    const keys = await keysOf(library);
    try {
      return await keys(header, token);
    } catch (error) {
      const { JWKSNoMatchingKey, JWKSMultipleMatchingKeys, JOSENotSupported, JWSInvalid } = library.errors;
      const isOfToken = [JWKSNoMatchingKey, JWKSMultipleMatchingKeys, JOSENotSupported, JWSInvalid];
      if (isOfToken.some((kind) => error instanceof kind)) throw error;
      throw new IssuerAway('the keys of OIDC_ISSUER cannot be fetched');
    }
  };
}

/** Finds the issuer's keys by discovery, once; `jose` fetches them, and again where a token names a new one. */
function createKeys({ issuer, fetch }: OidcOptions): (library: Jose) => Promise<jose.JWTVerifyGetKey> {
  let found: Promise<jose.JWTVerifyGetKey> | undefined;
  return (library) => {
    if (found !== undefined) return found;
    const asked = discover(issuer, fetch).then((url) =>
      library.createRemoteJWKSet(url, { timeoutDuration: TIMEOUT_MS, [library.customFetch]: fetch }),
    );
    found = asked;
    asked.catch(() => setTimeout(() => (found = undefined), ASK_AGAIN_MS).unref());
    return asked;
  };
}

async function discover(issuer: string, fetch: typeof globalThis.fetch): Promise<URL> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' })
    .then(async (response) => (response.ok ? ((await response.json()) as unknown) : undefined))
    .catch(() => undefined);
  if (!isObject(answer)) throw new IssuerAway('OIDC_ISSUER does not answer its discovery address');
  const { issuer: named, jwks_uri: keys } = answer;
  if (named !== issuer) throw new IssuerAway('what answers at OIDC_ISSUER names another issuer');
  if (typeof keys !== 'string' || !isSafeUrl(keys))
    throw new IssuerAway('OIDC_ISSUER names no safe address of its keys');
  return new URL(keys);
}

/** By https, where nobody on the way can change the keys; plain http on this machine only. */
export function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname));
}

function callerOf(payload: jose.JWTPayload, { projectsClaim, clockSkewS }: OidcOptions): Identified {
  const { sub = '', exp = 0 } = payload;
  if (sub.trim() === '' || sub.length > NAME_LIMIT_CHARS)
    return { kind: 'refused', words: `its subject (sub) must be 1 to ${NAME_LIMIT_CHARS} characters` };
  const rights = scopesIn(payload)
    .map((scope) => /^qo:(.*)$/.exec(scope)?.[1])
    .filter(isRight);
  if (rights.length === 0) return { kind: 'empty', words: 'the token has no scope such as qo:viewer or qo:operator' };
  const projects = projectsIn(payload[projectsClaim]);
  if (projects === undefined)
    return { kind: 'empty', words: `the token's claim ${projectsClaim} must be "*" or a list of project ids` };
  const expiresAt = (exp + clockSkewS) * 1_000;
  return { kind: 'caller', caller: { id: `oidc:${sub}`, name: sub, rights, projects, expiresAt } };
}

/** `scope` is a text with spaces (RFC 9068); some issuers have a list, or call it `scp`. */
function scopesIn({ scope, scp }: jose.JWTPayload): string[] {
  return [scope, scp].flatMap(wordsIn);
}

function projectsIn(claim: unknown): Projects | undefined {
  const ids = wordsIn(claim);
  if (ids.includes('*')) return '*';
  return isProjects(ids) ? ids : undefined;
}

function wordsIn(value: unknown): string[] {
  if (typeof value === 'string') return value.split(/[\s,]+/).filter(Boolean);
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

/** Never the content of the token: the holder of a bad one learns which check it failed, and nothing else. */
function wordsOf({ errors }: Jose, error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'it has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return `its claim ${error.claim} is missing or not right`;
  if (error instanceof errors.JWKSNoMatchingKey) return 'its key (kid) is none of the issuer’s';
  if (error instanceof errors.JWKSMultipleMatchingKeys)
    return 'it does not say (kid) which key of the issuer signed it';
  return 'its signature is not the issuer’s';
}
