/**
 * The credential of a request: `Authorization: Bearer`, and for git clients, which ask their user for a password, Basic too.
 *
 * Basic is taken below /git/ only: a browser that was given it once sends it by itself, also from other pages.
 */
import type { Request } from 'express';

/** Null where there is none. `unreadable`: a header that carries no credential in a form that is taken. */
export function credentialIn(req: Pick<Request, 'headers' | 'originalUrl'>): string | null | { unreadable: string } {
  const { authorization } = req.headers;
  if (authorization === undefined) return null;
  const [, scheme = '', value = ''] = /^(\S+) +(\S+) *$/.exec(authorization) ?? [];
  if (/^bearer$/i.test(scheme)) return value;
  if (/^basic$/i.test(scheme) && isForGit(req)) return passwordIn(value) ?? { unreadable: 'Basic holds no password' };
  const basic = isForGit(req) ? ', or Basic with the token as password' : '';
  return { unreadable: `Authorization must be Bearer and a token${basic}` };
}

export function isForGit({ originalUrl }: Pick<Request, 'originalUrl'>): boolean {
  return originalUrl.startsWith('/git/');
}

/** The user's name says nothing: a token names its own. */
function passwordIn(value: string): string | undefined {
  const text = Buffer.from(value, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon === -1 || colon === text.length - 1 ? undefined : text.slice(colon + 1);
}
