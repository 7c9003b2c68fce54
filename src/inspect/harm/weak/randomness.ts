/**
 * Finds secrets from predictable random generators (CWE-338). The name of the value or of its function must say that it
 * is a secret. Pure.
 */
import type { CodeView, Syntax } from '../../asks/code-view';
import type { ReadFunction } from '../functions';
import type { Harm, HarmRule } from '../rule';

const PREDICTABLE = {
  does: 'draws a secret from a generator that can be foretold',
  why: 'an attacker computes the next values from earlier ones; use the generator of the system for secrets',
} as const;
/** Names of secrets in snake case. */
const SECRET = String.raw`(?:pass_?words?|pass_?phrase|pass_?code|tokens?|secrets?|salts?|nonces?|otps?|pins?|api_?keys?|session_?ids?|csrf\w{0,8}|(?:reset|verif\w{0,8}|invit\w{0,6}|access|login|sign_?in|auth\w{0,6}|recovery|backup|voucher|gift|unlock|activation|confirmation|one_?time|two_?factor|mfa)_?(?:code|key|id|link|url)s?|(?:secret|private|signing|encryption|session|aes|hmac|master)_?keys?|iv)`;
const SECRET_NAME = new RegExp(`(?:^|_)${SECRET}(?:$|_)`);

/** Treats `resetCode`, `ResetCode` and `reset_code` as one name. */
function isSecret(name: string): boolean {
  return SECRET_NAME.test(
    name
      .replace(/([a-z\d])([A-Z])/g, '$1_$2')
      .replace(/\W/g, '_')
      .toLowerCase(),
  );
}

/** Names that contain a word for a secret and mean none. */
const NO_SECRET =
  /lexer|tokeni[sz]|parse|design|colou?r|syntax|max_?tokens|num_?tokens|token_?(?:count|limit|type|bucket)|pin_?(?:map|ned|point)|mock|fake|sample|demo|jitter|shuffle|dropout|sampling|logits|vocab|embedding/i;
/** Calls of predictable generators. */
const DRAWS: Readonly<Record<Syntax, RegExp>> = {
  script: /\bMath\.random\(\)|(?<![\w.$])(?:_\.random|chance\.\w{1,20}|faker\.\w{1,20}\.\w{1,20})\(/g,
  python:
    /(?<![\w.])(?:random|np\.random|numpy\.random)\.(?:random|randint|randrange|choices?|sample|getrandbits|uniform|shuffle|bytes|randbytes)\(|(?<![\w.])uuid1\(/g,
  braces:
    /\brand\.(?:Intn?|IntN|Int63n?|Int31n?|Int64N|Int32N|Uint32|Uint64|Uint64N|N|Float64|Perm|Read|New|Shuffle)\(|\bnew\s{1,3}(?:java\.util\.)?Random\(|\bMath\.random\(\)|\bThreadLocalRandom\.current\(\)|\bRandom\.(?:Shared|nextInt|Default)\b|(?<![\w.>])(?:std::)?(?:rand|random|drand48)\(\)|\bstd::(?:mt19937|minstd_rand|default_random_engine)\w{0,5}\b|\bRandomStringUtils\.random\w{0,20}\(/g,
  php: /(?<![\w>$:])(?:mt_rand|rand|uniqid|lcg_value|str_shuffle|array_rand)\(/g,
  ruby: /(?<![\w.:])(?:Kernel\.)?rand(?:\(|\s)|\bRandom\.(?:rand|new)\b|\.sample\b/g,
  rust: /\b(?:SmallRng|StdRng::seed_from_u64|Pcg32|XorShiftRng|fastrand)\b|\bfastrand::\w{1,20}\(/g,
};
/** Generators for secrets. A function that uses one needs the weak generator for another purpose. */
const STRONG =
  /crypto\/rand|crand\.|\bsecrets\.\w|SystemRandom|SecureRandom|randomBytes|getRandomValues|randomUUID|random_bytes|random_int|os\.urandom|OsRng|RandomNumberGenerator|getrandom|securerandom/i;

export function foretoldSecret(view: CodeView, syntax: Syntax, one: ReadFunction): Harm | undefined {
  const { name, comment, body, from } = one;
  if (NO_SECRET.test(`${name} ${comment}`) || STRONG.test(body) || body.length > 2_500) return undefined;
  if (syntax === 'braces' && /\brand\.\w/.test(body) && !/'math\/rand(?:\/v2)?'|\brand::/.test(view.text))
    return undefined;
  const found = [...body.matchAll(DRAWS[syntax])][0];
  if (found === undefined) return undefined;
  if (!isSecret(name) && !isSecret(rowNameOf(body, found.index))) return undefined;
  const line = view.lines[from + found.index] ?? one.line;
  return { ...PREDICTABLE, line, to: line, isNote: false };
}

/** Returns the variable to which the row assigns the value. */
function rowNameOf(body: string, index: number): string {
  const row = body.slice(body.lastIndexOf('\n', index) + 1, index);
  return /(?:^|[\s.({,$])([\w$]{2,60})\s{0,3}(?::[^=\n]{1,30})?:?=(?!=)[^\n]{0,200}$/.exec(row)?.[1] ?? '';
}

/** The beginning of an assignment; the group is the target. */
const ASSIGNMENT = String.raw`(?<![\w$.])((?:[\w$]{1,40}\.)?[\w$]{2,60})\s{0,3}(?::[^=\n]{1,30})?:?=\s{0,9}[^;\n]{0,120}?`;

/** Rules for code outside of functions, and for functions without a name. */
export const RANDOMNESS: readonly HarmRule[] = (['script', 'python', 'php'] as const).map((syntax) => ({
  ...{ ...PREDICTABLE, after: 'CWE-338', in: [syntax] },
  pattern: new RegExp(`${ASSIGNMENT}(?:${DRAWS[syntax].source})`, 'g'),
  holds: (_, { groups: [name = ''], text }) => isSecret(name) && !NO_SECRET.test(text) && !STRONG.test(text),
}));
