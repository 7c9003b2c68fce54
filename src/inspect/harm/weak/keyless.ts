/**
 * Finds signatures without a key: a MAC with an empty key, and tokens that may declare themselves unsigned (CWE-347). Pure.
 */
import type { CodeView } from '../../asks/code-view';
import type { HarmRule, Match } from '../rule';

const KEYLESS = {
  does: 'signs with an empty key',
  why: 'anybody can make the same signature; use a key, and stop with an error if none is set',
  after: 'CWE-321',
} as const;
const UNSIGNED = {
  does: 'takes a token that says itself that it is not signed',
  why: 'anybody can write a token that names another person or role; accept one algorithm, and refuse all others',
  after: 'CWE-347',
} as const;

/** A member or variable that holds the algorithm of a token. */
const ALGORITHM = String.raw`\b\w{0,20}[aA]lg(?:orithm)?(?:'?\])?\)?(?:\??\.(?:toLowerCase|lower|to_lowercase|downcase)\(\))?`;

export const KEYLESS_SIGNATURES: readonly HarmRule[] = [
  {
    ...{ ...KEYLESS, in: ['braces'] },
    pattern:
      /\bhmac\.New\(\s{0,3}[\w.]{1,40}\s{0,3},\s{0,3}(?:nil|\[\]byte\s{0,3}\{\s{0,3}\}|\[\]byte\(\s{0,3}(?:''|nil)\s{0,3}\))\s{0,3}\)|\bnew\s{1,3}SecretKeySpec\(\s{0,3}(?:new\s{1,3}byte\s{0,3}\[\s{0,3}(?:0\s{0,3}\]|\]\s{0,3}\{\s{0,3}\})|''\.getBytes\()|\bSecretKeySpec\(\s{0,3}(?:ByteArray\(\s{0,3}0\s{0,3}\)|byteArrayOf\(\s{0,3}\)|''\.toByteArray\()|\bnew\s{1,3}HMAC\w{2,8}\(\s{0,3}(?:Array\.Empty<byte>\(\)|new\s{1,3}byte\s{0,3}\[\s{0,3}0|\[\s{0,3}\])/g,
  },
  {
    ...{ ...KEYLESS, in: ['script'] },
    pattern:
      /\bcreateHmac\(\s{0,9}(?:'[\w-]{1,20}'|[\w$.]{1,40})\s{0,3},\s{0,9}(?:[\w$.]{1,60}!?\s{0,3}(?:\|\||\?\?)\s{0,3})?(?:''|Buffer\.alloc\(\s{0,3}0?\s{0,3}\)|Buffer\.from\(\s{0,3}(?:''|\[\s{0,3}\])\s{0,3}\)|new\s{1,3}Uint8Array\(\s{0,3}0?\s{0,3}\))\s{0,3}[,)]/g,
  },
  {
    ...{ ...KEYLESS, in: ['python'] },
    pattern:
      /\bhmac\.(?:new|digest|HMAC)\(\s{0,9}(?:key\s{0,3}=\s{0,3})?(?:b''|bytes\(\s{0,3}\)|bytearray\(\s{0,3}\)|''\.encode\(|(?:os\.)?(?:environ\.get|getenv)\(\s{0,3}'\w{1,60}'\s{0,3},\s{0,3}''\s{0,3}\)\.encode\()\)?\s{0,3}[,)]/g,
  },
  {
    ...{ ...KEYLESS, in: ['php', 'ruby'] },
    pattern:
      /\bhash_hmac\(\s{0,3}'\w{1,20}'\s{0,3},[^,;\n]{1,80},\s{0,3}''\s{0,3}[,)]|\bOpenSSL::HMAC\.(?:hex)?digest\(\s{0,3}[^,\n]{1,60},\s{0,3}''\s{0,3},/g,
  },
  {
    ...{ ...UNSIGNED, in: ['python'] },
    pattern: /\balgorithms?\s{0,3}=\s{0,3}\[[^\]\n]{0,60}'none'/gi,
  },
  {
    ...{ ...UNSIGNED, in: ['php', 'ruby'] },
    pattern: /\balgorithms?'?:?\s{0,3}(?:=>|=)?\s{0,3}\[[^\]\n]{0,60}'none'/gi,
  },
  {
    ...{ ...UNSIGNED, beside: /\b(?:jwt|jws|claims)\b|token|signature/i },
    pattern: new RegExp(String.raw`${ALGORITHM}\s{0,3}(?:===?|!==?|\bis\b)\s{0,3}'[nN][oO][nN][eE]'`, 'g'),
    holds: acceptsUnsigned,
  },
];

/** Words that end the handling of the token. */
const ENDS =
  /\b(return|throw|raise|panic|fail|reject|continue|abort|next|deny|Err|res\.status|sendStatus|HTTPException)\b/;
/** What a `return` refuses with. */
const REFUSES =
  /^\s{0,3}(?:false|null|none|undefined|nil|''|-1|[;}\n]|\(?\s{0,3}(?:err|error)|[\w.]{0,30}(?:Err(?:or)?f?|errors\.New|Optional\.empty|fail\w{0,10}|reject\w{0,10}|deny|denied|invalid\w{0,10}|unauthori\w{0,8}|forbidden|status|empty)\b|new\s{1,3}\w{0,40}(?:Error|Exception)|[\w*.{}'0 ]{1,30},\s{0,3}(?:false|err|errors?\.|fmt\.Errorf|[\w.]{0,20}Err|new))/i;
/** Signs that the algorithm is not one of signatures. */
const OTHER_ALGORITHM = /compress|gzip|zstd|deflate|encod(?:er|ing)Alg/i;

/** True if the code does not refuse a token with the algorithm `none`. */
function acceptsUnsigned({ text }: CodeView, { index, text: found }: Match): boolean {
  const end = index + found.length;
  if (OTHER_ALGORITHM.test(text.slice(Math.max(0, index - 300), end + 200))) return false;
  const after = text.slice(end, end + 240);
  if (/!==?/.test(found))
    return /^\s{0,3}\)?\s{0,3}(?:&&|\band\b)\s{0,3}(?:!|not\b|\w{0,20}(?:verif|equal|compare))/i.test(after);
  if (/^\s{0,3}\)?\s{0,3}(?:\|\||\bor\b)\s{0,3}[^;{}\n]{0,100}(?:verif|equal|compare|hmac|digest)/i.test(after))
    return !/^[^\n]{0,120}\bnot\b|^[^\n]{0,120}(?:\|\||\bor\b)\s{0,3}!/i.test(after);
  if (!/\b(?:if|elif|elsif)\b[^;{}\n]{0,120}$/.test(text.slice(Math.max(0, index - 140), index))) return false;
  const [all, word] = ENDS.exec(after) ?? [];
  if (all === undefined || word !== 'return') return false;
  return !REFUSES.test(after.slice(after.search(ENDS) + all.length));
}
