/**
 * Checks tokens of an OpenID Connect issuer: JWTs, against the keys that the issuer publishes.
 *
 * `jose` does the cryptography. This file decides which issuer, audience and algorithms are accepted, which rights the scopes
 * give, and whether a failure is due to the token or to the issuer.
 */
import type * as jose from 'jose';
import { isProjects, isRight } from '../../domain/access';
import type { Projects } from '../../domain/access';
import { isObject } from '../../domain/json';
import type { CredentialCheck } from '../../ports/access';

/** Only algorithms that sign with the issuer's private key. A token with `none`, or with a shared secret, could be forged. */
export const OIDC_ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'],
] as const;

export interface OidcOptions {
  /** The exact value of the claim `iss`. */
  issuer: string;
  audience: string;
  algorithms: string[];
  /** Tolerated difference between the clocks of the issuer and of this machine, in seconds. */
  clockSkewS: number;
  /** Name of the claim that holds the ids of projects, or "*". */
  projectsClaim: string;
  fetch: typeof globalThis.fetch;
}

type Jose = typeof jose;

const TIMEOUT_MS = 5_000;
/** After a failed discovery, calls within this time share the failure and do not ask the issuer again. */
const DISCOVERY_RETRY_MS = 2_000;
const MAX_SUBJECT_CHARS = 200;

class IssuerUnavailable extends Error {}

export function createOidc(options: OidcOptions): (token: string) => Promise<CredentialCheck> {
  const keysOf = createKeys(options);
  return async (token) => {
    const library = await import('jose');
    // A token that its own header or claims disqualify is refused without a request to the issuer.
    const reason = findReasonToRefuse(library, token, options);
    if (reason !== undefined) return { kind: 'refused', words: reason };
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
      if (error instanceof IssuerUnavailable) return { kind: 'unknowable', words: error.message };
      return { kind: 'refused', words: wordsOf(library, error) };
    }
  };
}

function findReasonToRefuse(library: Jose, token: string, { issuer, algorithms }: OidcOptions): string | undefined {
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
      const tokenErrors = [JWKSNoMatchingKey, JWKSMultipleMatchingKeys, JOSENotSupported, JWSInvalid];
      if (tokenErrors.some((kind) => error instanceof kind)) throw error;
      throw new IssuerUnavailable('the keys of OIDC_ISSUER cannot be fetched');
    }
  };
}

/** Finds the address of the issuer's keys by discovery, once. `jose` fetches the keys, and again if a token names a new key. */
function createKeys({ issuer, fetch }: OidcOptions): (library: Jose) => Promise<jose.JWTVerifyGetKey> {
  let discovered: Promise<jose.JWTVerifyGetKey> | undefined;
  return (library) => {
    if (discovered !== undefined) return discovered;
    const discovery = discover(issuer, fetch).then((url) =>
      library.createRemoteJWKSet(url, { timeoutDuration: TIMEOUT_MS, [library.customFetch]: fetch }),
    );
    discovered = discovery;
    discovery.catch(() => setTimeout(() => (discovered = undefined), DISCOVERY_RETRY_MS).unref());
    return discovery;
  };
}

async function discover(issuer: string, fetch: typeof globalThis.fetch): Promise<URL> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' })
    .then(async (response) => (response.ok ? ((await response.json()) as unknown) : undefined))
    .catch(() => undefined);
  if (!isObject(answer)) throw new IssuerUnavailable('OIDC_ISSUER does not answer its discovery address');
  const { issuer: named, jwks_uri: keys } = answer;
  if (named !== issuer) throw new IssuerUnavailable('what answers at OIDC_ISSUER names another issuer');
  if (typeof keys !== 'string' || !isSafeUrl(keys))
    throw new IssuerUnavailable('OIDC_ISSUER names no safe address of its keys');
  return new URL(keys);
}

/** True for https, where the connection cannot be altered. Plain http is accepted on this machine only. */
export function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname));
}

function callerOf(payload: jose.JWTPayload, { projectsClaim, clockSkewS }: OidcOptions): CredentialCheck {
  const { sub = '', exp = 0 } = payload;
  if (sub.trim() === '' || sub.length > MAX_SUBJECT_CHARS)
    return { kind: 'refused', words: `its subject (sub) must be 1 to ${MAX_SUBJECT_CHARS} characters` };
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

/** Reads `scope`, a text with spaces (RFC 9068). Some issuers send a list, or use the claim `scp`. */
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

/** Names the check that the token failed. It never quotes the token's content. */
function wordsOf({ errors }: Jose, error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'it has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return `its claim ${error.claim} is missing or not right`;
  if (error instanceof errors.JWKSNoMatchingKey) return 'its key (kid) is none of the issuer’s';
  if (error instanceof errors.JWKSMultipleMatchingKeys)
    return 'it does not say (kid) which key of the issuer signed it';
  return 'its signature is not the issuer’s';
}
