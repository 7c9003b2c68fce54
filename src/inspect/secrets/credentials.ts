/**
 * Finds passwords without a name beside them: in addresses, headers and calls. Each pattern is bounded and takes one pass.
 */
import type { Place } from './places';

interface Credential {
  rule: string;
  value: string;
  /** The password as the text writes it; `value` is its decoded form. */
  written: string;
}

const IN_URL = /\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/@"'<>]{0,100}:([^\s/@"'`<>]{3,200})@[^\s/"'<>]/gi;
/** An address as Go's drivers of MySQL write it. */
const IN_DSN = /(?:^|[\s"'`=])[\w.%-]{1,100}:([^\s:/@"'`<>]{3,200})@(?:tcp|unix)\(/g;
/** A token in place of a user name. Hexadecimal ones are left out: they are public keys of Sentry. */
const USER_IN_URL = /\bhttps?:\/\/(?![0-9a-f]+@)([\w~.-]{20,200})@[a-z0-9]/gi;
const HEADER = /\b(bearer|basic|apikey)\s{1,4}["'`]?([\w+/=.~-]{16,400})/gi;
const TOKEN_HEADER = /authorization["'`]?\s{0,4}[:=,]\s{0,4}["'`]?token\s{1,4}([\w+/=.~-]{16,400})/gi;
const CURL_USER = /\s(?:-u|--user)[ =]["']?[^\s:"']{1,100}:([^\s"']{6,200})/g;
const DOCKER_AUTH = /"auth"\s{0,4}:\s{0,4}"([A-Za-z0-9+/]{8,400}={0,2})"/g;

export function credentialsIn(text: string, { isPasswordList }: Place): Credential[] {
  const found = [
    ...matchesOf(IN_URL, text, 'password in a url'),
    ...matchesOf(IN_DSN, text, 'password in a url'),
    ...matchesOf(USER_IN_URL, text, 'password in a url'),
    ...matchesOf(TOKEN_HEADER, text, 'authorization header'),
    ...matchesOf(DOCKER_AUTH, text, 'password of a container registry').map(decodeBasic),
  ];
  for (const [, scheme = '', value = ''] of text.matchAll(HEADER)) {
    const header = { rule: 'authorization header', value, written: value };
    found.push(scheme.toLowerCase() === 'basic' ? decodeBasic(header) : header);
  }
  if (text.includes('curl')) found.push(...matchesOf(CURL_USER, text, 'password in a call'));
  if (isPasswordList) found.push(passwordAtEnd(text));
  return found;
}

function matchesOf(pattern: RegExp, text: string, rule: string): Credential[] {
  return [...text.matchAll(pattern)].map(([, value = '']) => ({ rule, value, written: value }));
}

function passwordAtEnd(text: string): Credential {
  const value = text.split(':').at(-1) ?? '';
  return { rule: 'password file', value, written: value };
}

/** Returns the password of `user:password` in base64, and any other value unchanged. */
function decodeBasic({ rule, value, written }: Credential): Credential {
  const text = Buffer.from(value, 'base64').toString('latin1');
  const colon = text.indexOf(':');
  return colon < 0 || !/^[\x20-\x7e\xa0-\xff]+$/.test(text)
    ? { rule, value, written }
    : { rule, value: text.slice(colon + 1), written };
}

/** True for a JSON Web Token in a test or a document if it has no expiry time or has expired. */
export function isShownToken(value: string, { isTest, isProse, nowMs }: Place): boolean {
  const [, payload] = /^eyJ[\w-]+\.(eyJ[\w-]+)\./.exec(value) ?? [];
  if (payload === undefined || !(isTest || isProse)) return false;
  const [, seconds] = /"exp"\s*:\s*(\d{1,12})/.exec(Buffer.from(payload, 'base64url').toString('latin1')) ?? [];
  return seconds === undefined || Number(seconds) * 1_000 < nowMs;
}
