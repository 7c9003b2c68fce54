/**
 * Finds the caller of a credential: a named token of this installation, the operator's first token, or a JWT of the issuer.
 *
 * Every request checks the token files for changes, so a token that the command line makes or revokes counts at once.
 */
import { timingSafeEqual } from 'node:crypto';
import { ANYONE } from '../../domain/access';
import type { Caller } from '../../domain/access';
import { sha256 } from '../../inspect/digest';
import type { Access, CredentialCheck, KeptToken } from '../../ports/access';
import { createFirstTokenReader } from './first-token';
import { createOidc } from './oidc';
import type { OidcOptions } from './oidc';
import { isActive, createTokenReader } from './token-file';

export interface AccessOptions {
  /** Path of the file with the named tokens. */
  file: string;
  /** Path from the setting TOKEN_FILE. */
  firstTokenFile?: string | undefined;
  oidc?: OidcOptions | undefined;
  /** True if other machines can reach the API. Then it requires a credential even while no token exists. */
  isReachable: boolean;
  /** A token that only this process knows, for calls to its own API. It does not make the API require a credential from other callers. */
  own?: { name: string; secret: string } | undefined;
  warn: (line: string) => void;
}

const UNKNOWN_TOKEN = 'the token is not known here';
/** The form of a signed JWT: three parts with dots between them. A credential of another form is refused without the issuer. */
const JWT_PATTERN = /^[\w-]+\.[\w-]+\.[\w-]*$/;

export function createAccess({ own: ownToken, warn, ...options }: AccessOptions): Access {
  const namedTokens = createTokenReader(options.file);
  const firstToken =
    options.firstTokenFile === undefined ? undefined : createFirstTokenReader(options.firstTokenFile, warn);
  const oidc = options.oidc && createOidc(options.oidc);
  const ownCallers = ownToken === undefined ? [] : [tokenCaller(ownToken.name, ownToken.secret)];
  let isClosed = options.isReachable || firstToken !== undefined || oidc !== undefined;

  const requiresToken = async (): Promise<boolean> => {
    // Never set back: deleting the token file must not open the API again.
    if (!isClosed) isClosed = (await namedTokens()).length > 0;
    return isClosed;
  };
  /** Lists all callers with a secret, those of revoked and expired tokens included. */
  const callersWithSecret = async (): Promise<Array<{ caller: Caller; token?: KeptToken }>> => {
    const [named, first] = await Promise.all([namedTokens(), firstToken?.()]);
    const adminCallers = first === undefined ? ownCallers : [...ownCallers, tokenCaller('admin', first)];
    return [
      ...adminCallers.map((caller) => ({ caller })),
      ...named.map((token) => ({ token, caller: namedCaller(token) })),
    ];
  };
  const identify = async (credential: string | null): Promise<CredentialCheck> => {
    if (!(await requiresToken())) return { kind: 'caller', caller: ANYONE };
    if (credential === null) return { kind: 'missing' };
    const id = sha256(credential);
    const matches = (await callersWithSecret()).filter(({ caller }) => isSame(caller.id ?? '', id));
    const found = matches.find(({ token }) => token === undefined || isActive(token)) ?? matches[0];
    if (found !== undefined) return toIdentified(found);
    if (oidc === undefined || !JWT_PATTERN.test(credential)) return { kind: 'refused', words: UNKNOWN_TOKEN };
    return oidc(credential);
  };
  return {
    requiresToken,
    identify,
    async isCurrent({ id, expiresAt }) {
      if (id === null) return !(await requiresToken());
      if (expiresAt !== null && expiresAt <= Date.now()) return false;
      if (id.startsWith('oidc:')) return true;
      return (await callersWithSecret()).some(
        ({ caller, token }) => caller.id === id && (token === undefined || isActive(token)),
      );
    },
  };
}

function toIdentified({ caller, token }: { caller: Caller; token?: KeptToken }): CredentialCheck {
  if (token === undefined || isActive(token)) return { kind: 'caller', caller };
  const since = token.revokedAt === null ? `has expired at ${token.expiresAt}` : `was revoked at ${token.revokedAt}`;
  return { kind: 'refused', words: `the token "${token.name}" ${since}` };
}

function tokenCaller(name: string, secret: string): Caller {
  return { id: sha256(secret), name, rights: ['admin'], projects: '*', expiresAt: null };
}

function namedCaller({ sha256: id, name, rights, projects, expiresAt }: KeptToken): Caller {
  return { id, name, rights, projects, expiresAt: expiresAt === null ? null : Date.parse(expiresAt) };
}

/** Compares two digests in constant time, so that the duration reveals nothing about them. */
function isSame(left: string, right: string): boolean {
  return left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));
}
