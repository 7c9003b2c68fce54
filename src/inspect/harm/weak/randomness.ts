/**
 * Secrets from predictable random generators (CWE-338). The name of the value or its function must say that it is a
 * secret. Pure.
 */
import type { CodeView, Syntax } from '../../asks/code-view';
import type { ReadFunction } from '../functions';
import type { Harm, HarmRule } from '../rule';

const FORETOLD = {
  does: 'draws a secret from a generator that can be foretold',
  why: 'who has seen some values works out the next ones; draw it from the generator for secrets of the system',
} as const;
const SECRET = String.raw`(?:pass_?words?|pass_?phrase|pass_?code|tokens?|secrets?|salts?|nonces?|otps?|pins?|api_?keys?|session_?ids?|csrf\w{0,8}|(?:reset|verif\w{0,8}|invit\w{0,6}|access|login|sign_?in|auth\w{0,6}|recovery|backup|voucher|gift|unlock|activation|confirmation|one_?time|two_?factor|mfa)_?(?:code|key|id|link|url)s?|(?:secret|private|signing|encryption|session|aes|hmac|master)_?keys?|iv)`;
const NAMED = new RegExp(`(?:^|_)${SECRET}(?:$|_)`);

/** `resetCode`, `ResetCode` and `reset_code` are one name. */
function isSecret(name: string): boolean {
  return NAMED.test(
    name
      .replace(/([a-z\d])([A-Z])/g, '$1_$2')
      .replace(/\W/g, '_')
      .toLowerCase(),
  );
}

const NO_SECRET =
  /lexer|tokeni[sz]|parse|design|colou?r|syntax|max_?tokens|num_?tokens|token_?(?:count|limit|type|bucket)|pin_?(?:map|ned|point)|mock|fake|sample|demo|jitter|shuffle|dropout|sampling|logits|vocab|embedding/i;
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
/** Something of the function draws well; the weak one beside it is for another thing. */
const STRONG =
  /crypto\/rand|crand\.|\bsecrets\.\w|SystemRandom|SecureRandom|randomBytes|getRandomValues|randomUUID|random_bytes|random_int|os\.urandom|OsRng|RandomNumberGenerator|getrandom|securerandom/i;

export function foretoldSecret(view: CodeView, syntax: Syntax, one: ReadFunction): Harm | undefined {
  const { name, comment: said, body, from } = one;
  if (NO_SECRET.test(`${name} ${said}`) || STRONG.test(body) || body.length > 2_500) return undefined;
  if (syntax === 'braces' && /\brand\.\w/.test(body) && !/'math\/rand(?:\/v2)?'|\brand::/.test(view.text))
    return undefined;
  const found = [...body.matchAll(DRAWS[syntax])][0];
  if (found === undefined) return undefined;
  if (!isSecret(name) && !isSecret(rowNameOf(body, found.index))) return undefined;
  const line = view.lines[from + found.index] ?? one.line;
  return { ...FORETOLD, line, to: line, isNote: false };
}

/** What the row that draws is kept as. */
function rowNameOf(body: string, index: number): string {
  const row = body.slice(body.lastIndexOf('\n', index) + 1, index);
  return /(?:^|[\s.({,$])([\w$]{2,60})\s{0,3}(?::[^=\n]{1,30})?:?=(?!=)[^\n]{0,200}$/.exec(row)?.[1] ?? '';
}

const KEPT = String.raw`(?<![\w$.])((?:[\w$]{1,40}\.)?[\w$]{2,60})\s{0,3}(?::[^=\n]{1,30})?:?=\s{0,9}[^;\n]{0,120}?`;

/** Outside of functions, or in one without a name. */
export const RANDOMNESS: readonly HarmRule[] = (['script', 'python', 'php'] as const).map((syntax) => ({
  ...{ ...FORETOLD, after: 'CWE-338', in: [syntax] },
  pattern: new RegExp(`${KEPT}(?:${DRAWS[syntax].source})`, 'g'),
  holds: (_, { groups: [name = ''], text }) => isSecret(name) && !NO_SECRET.test(text) && !STRONG.test(text),
}));
