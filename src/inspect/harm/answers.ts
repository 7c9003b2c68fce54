/**
 * Finds checks whose result the code ignores, conditions that test a promise instead of its result, and `catch` blocks
 * that report success. Pure.
 */
import type { CodeView, Syntax } from '../asks/code-view';
import type { ReadFunction } from './functions';
import type { Harm, HarmRule, Match } from './rule';

const UNUSED_CHECK = {
  does: 'asks whether a secret is right, and does nothing with the answer',
  why: 'a wrong secret passes as well',
} as const;
const PROMISE = {
  does: 'takes a promise as a condition instead of its result',
  why: 'a promise is always true, so the condition checks nothing; wait for its result',
} as const;
const HIDES_ERROR = {
  does: 'answers success where an error was caught',
  why: 'the caller believes that it was done',
} as const;

export const ANSWERS: readonly HarmRule[] = [
  {
    ...{ ...UNUSED_CHECK, in: ['script', 'braces', 'php', 'python'] },
    pattern:
      /(?=[abhspqvw])(?<=[;{}:]\s{0,3}\n\s{0,80}|\)\s{0,3}\n\s{0,80})(?:await\s{1,3})?(?:hmac\.compare_digest|secrets\.compare_digest|compare_digest|hmac\.Equal|subtle\.ConstantTimeCompare|bcrypt\.CompareHashAndPassword|bcrypt\.(?:compare|compareSync|checkpw)|argon2\.verify|hash_equals|password_verify|MessageDigest\.isEqual|CryptographicOperations\.FixedTimeEquals|check_password_hash|passwordEncoder\.matches)\((?:[^()\n]|\([^()\n]{0,80}\)){1,200}\)\s{0,3};?(?=\s{0,3}\n)/g,
  },
  {
    ...{ ...PROMISE, in: ['script'] },
    pattern:
      /\bif\s{0,3}\(\s{0,3}!?\s{0,3}(?:this\.)?([a-zA-Z_$][\w$]{2,60})\((?:[^()\n]|\([^()\n]{0,60}\)){0,120}\)\s{0,3}\)/g,
    holds: isAsync,
  },
  {
    ...{ ...PROMISE, in: ['python'] },
    pattern:
      /\b(?:if|elif|assert)\s{1,3}(?:not\s{1,3})?(?:self\.)?([a-zA-Z_]\w{2,60})\((?:[^()\n]|\([^()\n]{0,60}\)){0,120}\)\s{0,3}(?=[:\n])/g,
    holds: isAsync,
  },
  {
    ...{ ...HIDES_ERROR, in: ['script', 'braces', 'php'] },
    pattern:
      /\bcatch\s{0,3}(?:\([^()\n]{0,80}\)\s{0,3})?\{[^{}]{0,200}?(?:\breturn\s{1,3}\{|\.(?:json|send)\(\s{0,3}\{|\breturn\s{1,3}\[)[^{}]{0,80}?\b'?(?:ok|success|paid|succeeded|authorized|authenticated|verified|valid)'?\s{0,3}(?::|=>)\s{0,3}true\b/g,
  },
  {
    ...{ ...HIDES_ERROR, in: ['python'] },
    pattern:
      /\bexcept\b[^:\n]{0,80}:\s{1,80}(?:(?!(?:return|raise|continue|break|else|finally|elif)\b)\S[^\n]{0,120}\n\s{1,80}){0,3}?return\s{1,3}(?:jsonify\(|JsonResponse\(|\{|dict\()[^\n]{0,60}?'?(?:ok|success|paid|succeeded|authorized|authenticated|verified|valid)'?\s{0,3}[:=]\s{0,3}True\b/g,
  },
];

/** True if the source declares only asynchronous functions of this name. */
function isAsync({ text }: CodeView, { groups: [name = ''] }: Match): boolean {
  const escaped = name.replaceAll('$', '\\$');
  const asyncDeclaration = new RegExp(
    `\\basync\\s{1,3}(?:function\\s{1,3}|def\\s{1,3})${escaped}\\s{0,3}\\(|(?<![\\w$])${escaped}\\s{0,3}=\\s{0,3}async\\b|\\n\\s{1,12}async\\s{1,3}${escaped}\\s{0,3}\\(`,
    'g',
  );
  const otherDeclaration = new RegExp(
    `(?<!async\\s{1,3})\\b(?:function|def)\\s{1,3}${escaped}\\s{0,3}\\(|(?:const|let|var)\\s{1,3}${escaped}\\s{0,3}=\\s{0,3}(?!async\\b)|[(,]\\s{0,3}${escaped}\\s{0,3}[,)=]`,
  );
  return asyncDeclaration.test(text) && !otherDeclaration.test(text);
}

/** Names of functions that check who sends a request, such as `requireAuth` and `adminGuard`. */
const AUTH_NAME =
  /^(?:(?:require|ensure|check|verify|is|with|must)_?)?(?:auth\w{0,20}|login|admin|signed_?in|session|user|token|jwt|api_?key|permission\w{0,3}|roles?)(?:_?(?:required|middleware|guard|only|check))?$/i;

/** Finds a guard of requests that continues after its check has failed. */
export function guardThatFailsOpen(view: CodeView, syntax: Syntax, one: ReadFunction): Harm | undefined {
  if (syntax !== 'script' || !AUTH_NAME.test(one.name) || /optional|maybe|try/i.test(`${one.name} ${one.comment}`))
    return undefined;
  const found = /\bcatch\s{0,3}(?:\([^()\n]{0,60}\)\s{0,3})?\{[^{}]{0,200}?\b(?:return\s{1,3})?next\(\s{0,3}\)/.exec(
    one.body,
  );
  if (found === null) return undefined;
  const line = view.lines[one.from + found.index + found[0].length - 1] ?? one.line;
  return {
    ...{ line, to: line, isNote: false },
    does: 'lets a request on when asking who sent it failed',
    why: 'a forged token makes the check fail, and passes',
  };
}
