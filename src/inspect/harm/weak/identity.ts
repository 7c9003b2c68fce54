/**
 * Finds identities that code accepts without proof: tokens that are decoded and not verified (CWE-347), and permission checks that
 * grant access when the check fails (CWE-636). Pure.
 */
import type { CodeView, Syntax } from '../../asks/code-view';
import type { ReadFunction } from '../functions';
import type { Harm, HarmRule } from '../rule';

const UNVERIFIED = {
  does: 'believes a token whose signature nobody verifies',
  why: 'anybody can write a token that names another person or role; verify it with the key before it is read',
  after: 'CWE-347',
} as const;
/** Names that show that the source verifies something. */
const VERIFIES =
  /\b(?:verify|Verify|verif\w{2,12}|jwtVerify|createHmac|createVerify|timingSafeEqual|compare_digest|hmac|hash_hmac|Hmac\w{0,8}|HMAC|subtle|jwks\w{0,20}|validateToken|ValidateToken|decode_and_verify|parseSignedClaims|parseClaimsJws|unsign)\b/;
/** Names of claims on which a decision about access may rest. */
const ACCESS_CLAIMS =
  /\b(?:role|roles|sub|admin|is_?admin|isAdmin|user|userId|user_id|uid|permissions?|scopes?|tenant|email|groups?)\b/;

export const IDENTITY: readonly HarmRule[] = [
  {
    ...{ ...UNVERIFIED, in: ['script'], beside: ACCESS_CLAIMS },
    pattern: /\b(?:jwt|JWT|jsonwebtoken|jose)\.(?:decode|decodeJwt)\(|(?<![\w$.])(?:decodeJwt|jwtDecode|jwt_decode)\(/g,
    holds: ({ text }, { text: call }) =>
      !VERIFIES.test(text) && (/^(?:jwt|JWT|jsonwebtoken)\./.test(call) || isOnServer(text)),
  },
  {
    ...{ ...UNVERIFIED, in: ['script'], beside: ACCESS_CLAIMS },
    pattern: /(?<![\w$.])decode\(\s{0,3}[\w$.]{0,30}[tT]oken/g,
    holds: ({ text }) =>
      !VERIFIES.test(text) &&
      /\{[^{}\n]{0,80}\bdecode\b[^{}\n]{0,80}\}\s{0,3}(?:=\s{0,3}require\(\s{0,3}|from\s{1,3})'jsonwebtoken'/.test(
        text,
      ),
  },
  {
    ...{ ...UNVERIFIED, in: ['script'], beside: ACCESS_CLAIMS },
    pattern:
      /\.split\(\s{0,3}'\.'\s{0,3}\)[\s\S]{0,240}?\bJSON\.parse\(\s{0,9}(?:Buffer\.from\([^()\n]{1,80},\s{0,3}'base64(?:url)?'\s{0,3}\)|atob\()/g,
    holds: ({ text }, { text: all }) =>
      !VERIFIES.test(text) &&
      /token|claims|jwt|bearer|payload/i.test(all) &&
      !/header\w{0,10}\W/i.test(all.slice(-60)) &&
      isOnServer(text),
  },
  {
    ...{ ...UNVERIFIED, in: ['python'] },
    pattern:
      /\bverify_signature'?\s{0,3}[:=]\s{0,3}False\b|\bjwt\.decode\([^\n]{0,160}\bverify\s{0,3}=\s{0,3}False\b|\b(?:jwt|jws)\.get_unverified_claims\(|\balgorithms?\s{0,3}=\s{0,3}\[?\s{0,3}'none'/gi,
    holds: ({ text }) => !/get_unverified_header|\bverify_signature'?\s{0,3}[:=]\s{0,3}True/.test(text),
    inText: true,
  },
  {
    ...{ ...UNVERIFIED, in: ['python'], beside: ACCESS_CLAIMS },
    pattern:
      /\.split\(\s{0,3}'\.'\s{0,3}\)[\s\S]{0,240}?\bjson\.loads\([\s\S]{0,80}?b64decode\(|\.split\(\s{0,3}'\.'\s{0,3}\)[\s\S]{0,160}?b64decode\([\s\S]{0,200}?\bjson\.loads\(/g,
    holds: ({ text }, { text: all }) => !VERIFIES.test(text) && /token|claims|jwt|bearer|payload/i.test(all),
  },
  {
    ...{ ...UNVERIFIED, in: ['braces'] },
    pattern:
      /\.ParseUnverified\(|\bUnsafeAllowNoneSignatureType\b|\bJWT\.decode\(|\.unsecured\(\)|\bparseClaimsJwt\(|\bparseUnsecuredClaims\(|\bRequireSignedTokens\s{0,3}=\s{0,3}false\b|\bReadJwtToken\(/g,
    holds: ({ text }, { text: call }) =>
      /^(?:Unsafe|\.unsec|Require)/.test(call) || !VERIFIES.test(text.replace(/ParseUnverified/g, '')),
  },
  {
    ...{ ...UNVERIFIED, in: ['braces'], beside: ACCESS_CLAIMS },
    pattern:
      /\bstrings\.Split\(\s{0,3}\w{1,30}\s{0,3},\s{0,3}'\.'\s{0,3}\)[\s\S]{0,300}?\bRawURLEncoding\.DecodeString\([\s\S]{0,240}?\bjson\.Unmarshal\(/g,
    holds: ({ text }) => !VERIFIES.test(text),
  },
  {
    ...{ ...UNVERIFIED, in: ['rust'] },
    pattern: /\binsecure_(?:disable_signature_validation|decode)\b|\bdangerous_insecure_decode\w{0,20}\b/g,
  },
  {
    ...{ ...UNVERIFIED, in: ['ruby'] },
    pattern: /\bJWT\.decode\(?\s{0,3}[^,\n]{1,60},\s{0,3}nil\s{0,3},\s{0,3}false\b/g,
  },
  {
    ...{ ...UNVERIFIED, in: ['script'], inText: true },
    pattern: /\balgorithms'?\s{0,3}:\s{0,3}\[[^\]\n]{0,60}'none'|\balg'?\s{0,3}:\s{0,3}'none'/g,
  },
];

/** False for code of a page, which may read its own token to show a name. */
function isOnServer(text: string): boolean {
  return !/\b(?:localStorage|sessionStorage|document|window)\b|'(?:react|vue|svelte|@angular\/core|expo[\w-]{0,20})'/.test(
    text,
  );
}

/** Names of functions that check a permission or a signature. */
const PERMISSION_NAME =
  /^(?:is|has|can|may|check|verify|require|ensure|validate)_?[A-Z_]?\w{0,30}?(?:allowed|permi\w{0,8}|authori[sz]ed?|authori[sz]ation|authenticated|auth|access|admin|clerk|role|valid_?(?:token|signature|user|session)|signed|signature|trusted|owner|entitled|licensed|blocked_?not)|^(?:may|can)_?(?=[A-Z_])\w{2,40}$|^(?:allow(?:ed|s)?|permits?|authori[sz]ed?|authenticate|verify(?:_?(?:token|signature|password|webhook|user|session))?|is_?(?:signed|valid|genuine|allowed|permitted)|check_?(?:password|permission|access|token|signature))$/i;
/** Comments that say so. */
const PERMISSION_COMMENT =
  /\b(?:permission|permitted|authori[sz]ed|who may|may (?:take|see|read|write|do|pay|change|open|use)|allowed to|only (?:clerks|admins|owners|members)|signed by|forged|access control)\b/i;
/** Names for abilities of a machine or limits of the load, which are no permissions. */
const NO_PERMISSION =
  /retry|cache|rate_?limit|throttl|can_?(?:read|write|parse|connect|resolve|handle|render|play|access_?(?:file|path|storage))|available|exists|supported|writable|readable|feature|installed|import|render|resolve|load|install/i;
/** Code that answers with yes in the branch of an error. */
const YES_ON_ERROR: Readonly<Record<Syntax, RegExp>> = {
  script:
    /\bcatch\s{0,3}(?:\([^()\n]{0,80}\)\s{0,3})?\{[^{}]{0,200}?\breturn\s{1,3}(?:true|'allow\w{0,3}')\b|\.catch\(\s{0,3}\(?[\w$]{0,20}\)?\s{0,3}=>\s{0,3}true\b/,
  python:
    /\bexcept\b[^:\n]{0,80}:\s{1,80}(?:(?!(?:return|raise|continue|break|else|finally|elif)\b)\S[^\n]{0,160}\n\s{1,80}){0,3}?return\s{1,3}(?:True|'allow\w{0,3}')(?![\w.])/,
  braces:
    /\bcatch\s{0,3}(?:\([^()\n]{0,80}\)\s{0,3})?\{[^{}]{0,200}?\breturn\s{1,3}true\s{0,3};?|\bif\s{1,3}(?:[^{}\n]{1,80};\s{0,3})?err\s{0,3}!=\s{0,3}nil\s{0,3}\{[^{}]{0,200}?\breturn\s{1,3}true\b/,
  php: /\bcatch\s{0,3}\([^()\n]{0,80}\)\s{0,3}\{[^{}]{0,200}?\breturn\s{1,3}true\s{0,3};/,
  ruby: /\brescue\b[^\n]{0,80}\n\s{0,80}(?:(?!(?:return|raise|next|else|ensure|end|false)\b)\S[^\n]{0,120}\n\s{0,80}){0,2}?(?:return\s{1,3})?true\b|\brescue\s{1,3}true\b/,
  rust: /\.unwrap_or\(\s{0,3}true\s{0,3}\)|\bErr\([\w:]{0,30}\)\s{0,3}=>\s{0,3}(?:\{[^{}]{0,120}?\b)?true\b|\.(?:map_or|is_ok_and|unwrap_or_else)\(\s{0,3}(?:true\s{0,3},|\|_?\w{0,10}\|\s{0,3}true)/,
};

/** Finds a check of a permission that answers with yes if the check itself fails. */
export function failsOpen(view: CodeView, syntax: Syntax, one: ReadFunction): Harm | undefined {
  const { name, comment, body, from } = one;
  const checksPermission = PERMISSION_NAME.test(name) || PERMISSION_COMMENT.test(comment);
  if (
    !checksPermission ||
    NO_PERMISSION.test(name) ||
    /\b(?:denied|blocked|banned|revoked|expired|locked|forbid\w*|invalid)/i.test(name)
  )
    return undefined;
  const found = YES_ON_ERROR[syntax].exec(body);
  if (found === null) return undefined;
  const line = view.lines[from + found.index + found[0].length - 1] ?? one.line;
  return {
    ...{ line, to: line, isNote: false },
    does: 'answers yes where it could not be asked whether somebody may',
    why: 'an attacker who makes the check fail gets in; answer no, or pass the error on',
  };
}
