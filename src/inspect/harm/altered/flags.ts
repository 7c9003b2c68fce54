/**
 * Finds protective settings that a change turns off or removes: cookie flags, TLS redirects, token checks. Also finds
 * settings that reveal internals and that a change turns on. Pure.
 */
import type { Harm } from '../rule';
import { rowsAround, textOf, removedRow, alteredRow } from './hunk';
import type { Altered, Hunk, Row } from './hunk';

interface Flag extends Pick<Harm, 'does' | 'why'> {
  /** The setting in its protective form. */
  on: RegExp;
  /** The same setting in any other form. It is harmless if the environment decides its value. */
  off: RegExp;
  /** Must match the rows around the setting, or the path. */
  about?: RegExp;
  /** Turning this setting on reveals internals; removing it does no harm. */
  isOpening?: true;
}

/** A setting's value after its name: on. */
const ON = String.raw`['"\])]{0,3}\s{0,3}(?::=|=>|[:=(,])\s{0,3}['"]?(?:true|True|TRUE|1\b|on\b|On\b|yes\b)`;
/** The same: off. */
const OFF = String.raw`['"\])]{0,3}\s{0,3}(?::=|=>|[:=(,])\s{0,3}['"]?(?:false|False|FALSE|0\b|off\b|Off\b|no\b|nil|null|None|undefined)`;
const COOKIE = /cookie|session|httponly|http_only|same_?site|csrf|set-cookie/i;

/** Names of settings that turn a check of input on. */
const INPUT_CHECKS = String.raw`(?:csrf_?(?:protection|enabled|protect)?|WTF_CSRF_ENABLED|auto_?escape|verify_?(?:signature|exp|aud|iss|token|webhook)?|validate(?:Issuer|Audience|Lifetime|IssuerSigningKey)?|ValidateIssuer(?:SigningKey)?|require_?auth(?:entication|orization)?|auth_?(?:required|enabled)|strict_?(?:validation|mode)?|sanitize|escape|whitelist|forbidNonWhitelisted|is_?auth_?required|require_?(?:https|mfa|2fa|approval)|security\.enabled|captcha_?(?:enabled|required)?|audit_?(?:log|enabled)?)`;
/** Names of settings that show internals. */
const INTERNALS = String.raw`(?:debug|app_debug|flask_debug|django_debug|display_errors|display_startup_errors|introspection|playground|graphiql|include_?stack_?trace|show_?stack_?errors|show_?details|customErrors|expose_?errors|enable_?pprof|pprof|profil(?:er|ing))(?:_?enabled)?`;

const FLAGS: readonly Flag[] = [
  flag('httpOnly', String.raw`(?:set)?http_?-?only|cookie_httponly`, 'scripts of the page can read the cookie'),
  flag(
    'secure',
    String.raw`(?:set|session_cookie_|csrf_cookie_|cookie_|\b)(?<!in)secure`,
    'the cookie is also sent without encryption',
  ),
  {
    does: 'takes the flag sameSite from a cookie',
    why: 'other sites can act in the name of a user who is signed in',
    on: /same_?-?site(?:mode)?['"\])]{0,3}\s{0,3}(?:=>|[:=(,.])\s{0,3}['":.]{0,2}(?:\w{1,20}\.)?(?:strict|lax|SameSite(?:Strict|Lax)Mode|true)/i,
    off: /same_?-?site/i,
  },
  ...[
    'SECURE_SSL_REDIRECT',
    'SECURE_HSTS_\\w{1,30}',
    'SECURE_CONTENT_TYPE_NOSNIFF',
    'force_?ssl',
    'RequireHttps\\w{0,9}',
  ].map((name) => ({
    does: 'lets requests come without TLS',
    why: 'anybody on the way between client and server can read and change the data',
    on: new RegExp(String.raw`\b${name}(?:${ON}|['"]?\s{0,3}=\s{0,3}[1-9])`, 'i'),
    off: new RegExp(`\\b${name}`, 'i'),
  })),
  {
    does: 'turns off a check of input',
    why: 'the program trusts input that nothing checks',
    on: new RegExp(String.raw`\b${INPUT_CHECKS}${ON}`, 'i'),
    off: new RegExp(String.raw`\b${INPUT_CHECKS}${OFF}`, 'i'),
    isOpening: true,
  },
  {
    does: 'turns on a setting that shows the inside of the program',
    why: 'everybody who sends a request sees errors, settings or profiles',
    on: new RegExp(String.raw`\b${INTERNALS}(?:${OFF}|['"]?\s{0,3}[:=]\s{0,3}['"]?never)`, 'i'),
    off: new RegExp(String.raw`\b${INTERNALS}(?:${ON}|['"]?\s{0,3}[:=]\s{0,3}['"]?always)`, 'i'),
    isOpening: true,
  },
];

function flag(name: string, words: string, why: string): Flag {
  return {
    does: `takes the flag ${name} from a cookie`,
    why,
    on: new RegExp(
      `(?:${words})${ON}|^[^=\\n]{0,80}set-cookie[^\\n]{0,200};\\s{0,3}${name}\\b|(?<=;\\s{0,3})${name}\\b`,
      'i',
    ),
    off: new RegExp(words, 'i'),
    about: COOKIE,
  };
}

/** Signs that the value depends on the environment in which the program runs. */
const BY_ENVIRONMENT =
  /process\.env|import\.meta\.env|\bNODE_ENV|isProd|IS_PROD|production|os\.environ|env\(|getenv|config\w{0,20}[.[(]|settings\.|\bENV\[/;

export function flagsTurnedOff(file: Altered): Harm[] {
  const flags = FLAGS.map((one) => ({ ...one, isOnAsOften: createIsOnAsOften(file, one) }));
  return file.hunks.flatMap((hunk) => flags.flatMap((one) => inHunk(file, hunk, one)));
}

type FlagOfFile = Flag & {
  /** True if at least as many rows of the file as before have the setting on. */
  isOnAsOften: () => boolean;
};

/** Returns a function that counts the rows on its first call. */
function createIsOnAsOften({ before, after }: Altered, { on }: Flag): () => boolean {
  let result: boolean | undefined;
  const count = (rows: readonly string[]) => rows.filter((row) => on.test(row)).length;
  return () => (result ??= count(after) >= count(before));
}

function inHunk(file: Altered, { line, removed, added }: Hunk, flag: FlagOfFile): Harm[] {
  const { does, why, on, off, about, isOpening } = flag;
  const was = removed.find(({ text }) => on.test(text));
  if (was === undefined || added.some(({ text }) => on.test(text))) return [];
  if (about !== undefined && !about.test(`${rowsAround(file.before, was.line)}\n${file.path}`)) return [];
  const row = added.find(({ text }) => off.test(text));
  if (row !== undefined) return BY_ENVIRONMENT.test(row.text) ? [] : [alteredRow({ does, why }, row, was)];
  if (isOpening === true || isMoved(flag, was, added)) return [];
  // If the change removes the cookie itself, its flags are no loss.
  const cookieRemains = about === undefined || about.test(`${textOf(added)}\n${rowsAround(file.after, line, 3)}`);
  return cookieRemains ? [removedRow({ does, why }, line, was)] : [];
}

/** True if the setting was moved in the file, or the value is now set by a shared options object. */
function isMoved({ isOnAsOften }: FlagOfFile, was: Row, added: readonly Row[]): boolean {
  return (
    isOnAsOften() ||
    added.some(({ text }) => /\.\.\.\w|\*\*\w|[cC]ookie_?\w{0,12}[oO]ptions|COOKIE_OPT/.test(text) && text !== was.text)
  );
}
