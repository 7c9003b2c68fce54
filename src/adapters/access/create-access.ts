/**
 * Who a credential belongs to: a named token of this installation, the operator's first token, or a JWT of the issuer.
 *
 * Files are looked at again on each question, so that what the command line changes counts at once.
 */
import { timingSafeEqual } from 'node:crypto';
import { ANYONE } from '../../domain/access';
import type { Caller } from '../../domain/access';
import { sha256 } from '../../inspect/digest';
import type { Access, Identified, KeptToken } from '../../ports/access';
import { createFirstTokenReader } from './first-token';
import { createOidc } from './oidc';
import type { OidcOptions } from './oidc';
import { counts, createTokenReader } from './token-file';

export interface AccessOptions {
  /** Of the named tokens. */
  file: string;
  /** TOKEN_FILE. */
  firstTokenFile?: string | undefined;
  oidc?: OidcOptions | undefined;
  /** Other machines reach the API: it is closed also before there is a token. */
  isReachable: boolean;
  /** A token that this process alone knows, for calls to its own API. It does not close the API. */
  own?: { name: string; secret: string } | undefined;
  warn: (line: string) => void;
}

const NOT_KNOWN = 'the token is not known here';
/** Three parts with points between, as a signed JWT is. Anything else is never shown to the issuer. */
const JWT = /^[\w-]+\.[\w-]+\.[\w-]*$/;

export function createAccess({ own: given, warn, ...options }: AccessOptions): Access {
  const namedTokens = createTokenReader(options.file);
  const firstToken =
    options.firstTokenFile === undefined ? undefined : createFirstTokenReader(options.firstTokenFile, warn);
  const oidc = options.oidc && createOidc(options.oidc);
  const own = given === undefined ? [] : [tokenCaller(given.name, given.secret)];
  let isClosed = options.isReachable || firstToken !== undefined || oidc !== undefined;

  const isAsked = async (): Promise<boolean> => {
    // For good: a file that is taken away does not open the door again.
    if (!isClosed) isClosed = (await namedTokens()).length > 0;
    return isClosed;
  };
  /** All that are given by a secret, whether they count or not. */
  const known = async (): Promise<Array<{ caller: Caller; token?: KeptToken }>> => {
    const [named, first] = await Promise.all([namedTokens(), firstToken?.()]);
    const whole = first === undefined ? own : [...own, tokenCaller('admin', first)];
    return [...whole.map((caller) => ({ caller })), ...named.map((token) => ({ token, caller: namedCaller(token) }))];
  };
  const identify = async (credential: string | null): Promise<Identified> => {
    if (!(await isAsked())) return { kind: 'caller', caller: ANYONE };
    if (credential === null) return { kind: 'missing' };
    const id = sha256(credential);
    const all = (await known()).filter(({ caller }) => isSame(caller.id ?? '', id));
    const found = all.find(({ token }) => token === undefined || counts(token)) ?? all[0];
    if (found !== undefined) return judge(found);
    if (oidc === undefined || !JWT.test(credential)) return { kind: 'refused', words: NOT_KNOWN };
    return oidc(credential);
  };
  return {
    isAsked,
    identify,
    async isCurrent({ id, expiresAt }) {
      if (id === null) return !(await isAsked());
      if (expiresAt !== null && expiresAt <= Date.now()) return false;
      if (id.startsWith('oidc:')) return true;
      return (await known()).some(({ caller, token }) => caller.id === id && (token === undefined || counts(token)));
    },
  };
}

function judge({ caller, token }: { caller: Caller; token?: KeptToken }): Identified {
  if (token === undefined || counts(token)) return { kind: 'caller', caller };
  const since = token.revokedAt === null ? `has expired at ${token.expiresAt}` : `was revoked at ${token.revokedAt}`;
  return { kind: 'refused', words: `the token "${token.name}" ${since}` };
}

function tokenCaller(name: string, secret: string): Caller {
  return { id: sha256(secret), name, rights: ['admin'], projects: '*', expiresAt: null };
}

function namedCaller({ sha256: id, name, rights, projects, expiresAt }: KeptToken): Caller {
  return { id, name, rights, projects, expiresAt: expiresAt === null ? null : Date.parse(expiresAt) };
}

/** Digests: how long the comparison takes says nothing of the secret, and nothing of the digest either. */
function isSame(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
