/**
 * Reads the credential of a request: `Authorization: Bearer`, and for git clients, which ask their user for a password, Basic too.
 *
 * Basic is accepted below /git/ only: a browser that has sent Basic once repeats it by itself, also from pages of other sites.
 */
import type { Request } from 'express';

/** Null without an Authorization header. `unreadable` says why the header is not in an accepted form. */
export function credentialIn(req: Pick<Request, 'headers' | 'originalUrl'>): string | null | { unreadable: string } {
  const { authorization } = req.headers;
  if (authorization === undefined) return null;
  const [, scheme = '', value = ''] = /^(\S+) +(\S+) *$/.exec(authorization) ?? [];
  if (/^bearer$/i.test(scheme)) return value;
  if (/^basic$/i.test(scheme) && isForGit(req)) return passwordIn(value) ?? { unreadable: 'Basic has no password' };
  const basicHint = isForGit(req) ? ', or Basic with the token as password' : '';
  return { unreadable: `Authorization must be Bearer and a token${basicHint}` };
}

export function isForGit({ originalUrl }: Pick<Request, 'originalUrl'>): boolean {
  return originalUrl.startsWith('/git/');
}

/** The user name is ignored: the token itself names its owner. */
function passwordIn(value: string): string | undefined {
  const text = Buffer.from(value, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon === -1 || colon === text.length - 1 ? undefined : text.slice(colon + 1);
}
