/**
 * Changes the value that a function returns into another value of the same type. A test that only checks whether there is a result,
 * or what type it has, does not notice that.
 *
 * Numbers and strings change, and so do all members of lists and plain records. For values of other types the function returns nothing.
 */
import type { Grammar } from './grammars';
import type { Syntax } from './syntax';

/** An expression in JavaScript that computes the other value; the returned expression follows. */
const JAVASCRIPT = [
  "(function q(v, d) { return typeof v === 'number' ? (Number.isFinite(v) ? v + 1 : 0)",
  "typeof v === 'string' ? v + '_'",
  "typeof v === 'boolean' ? !v",
  "typeof v === 'bigint' ? v + BigInt(1)",
  'v === null || v === undefined || d > 3 ? 1',
  "typeof v.then === 'function' ? v.then(function (w) { return q(w, d); })",
  'Array.isArray(v) ? (v.length === 0 ? [1] : v.map(function (w) { return q(w, d + 1); }))',
  'Object.getPrototypeOf(v) !== Object.prototype ? undefined',
  'Object.keys(v).length === 0 ? { broken: 1 }',
  'Object.fromEntries(Object.entries(v).map(function (e) { return [e[0], q(e[1], d + 1)]; })); })(',
].join(' : ');

/** The same in Python. */
const PYTHON = [
  '(lambda q, v: q(q, v, 0))(lambda q, v, d: (not v) if isinstance(v, bool)',
  'v + 1 if isinstance(v, (int, float, complex))',
  'v + "_" if isinstance(v, str)',
  'v + b"_" if isinstance(v, bytes)',
  '1 if v is None or d > 3',
  '([q(q, w, d + 1) for w in v] or [1]) if type(v) is list',
  '(tuple(q(q, w, d + 1) for w in v) or (1,)) if type(v) is tuple',
  '({k: q(q, w, d + 1) for k, w in v.items()} or {"broken": 1}) if type(v) is dict',
  'None, (',
].join(' else ');

/** The same in PHP. */
const PHP =
  "(fn($v) => is_bool($v) ? !$v : (is_int($v) || is_float($v) ? $v + 1 : (is_string($v) ? $v . '_' : (is_array($v) ? array_slice($v, 1) : null))))(";

/** The text before and after the returned expression, for the languages that have this break. */
const AROUND: Partial<Record<Grammar, readonly [before: string, after: string]>> = {
  javascript: [JAVASCRIPT, ', 0)'],
  typescript: [JAVASCRIPT, ', 0) as never'],
  tsx: [JAVASCRIPT, ', 0) as never'],
  python: [PYTHON, '))'],
  php: [PHP, ')'],
};

/** Returns undefined if the language has no such break. */
export function otherAnswer(value: Syntax, grammar: Grammar): string | undefined {
  const [before, after] = AROUND[grammar] ?? [];
  if (before === undefined || /^(?:spread_element|list_splat)$/.test(value.type)) return undefined;
  return `${before}${value.text}${after}`;
}

const CALLS = /^(?:call_expression|call|await_expression|await|yield_expression|yield|new_expression)$/;
const WRAPPERS = /^(?:parenthesized_expression|as_expression|satisfies_expression|non_null_expression)$/;
/** Functions of the languages that compute a result and have no other effect. */
const PURE =
  /^(?:Math\.\w+|String|Number|Boolean|BigInt|parse(?:Int|Float)|Array\.(?:from|of|isArray)|Object\.(?:keys|values|entries|fromEntries|assign|freeze)|JSON\.(?:stringify|parse)|abs|bool|bytes|dict|float|frozenset|int|len|list|max|min|pow|repr|round|set|sorted|str|sum|tuple|divmod)$/;
const PURE_METHODS =
  /\.(?:at|concat|endsWith|entries|every|filter|find|findIndex|flat|flatMap|includes|indexOf|join|keys|lastIndexOf|map|match|padEnd|padStart|reduce|reduceRight|repeat|replace|replaceAll|slice|some|split|startsWith|substring|toFixed|toLocaleString|toLowerCase|toISOString|toString|toUpperCase|toSorted|trim|trimEnd|trimStart|values|capitalize|casefold|count|encode|decode|endswith|format|get|index|isdigit|items|ljust|lower|lstrip|rjust|rstrip|splitlines|startswith|strip|title|upper|zfill)$/;

/** True if the expression can have effects besides its value: then removing it is a break of its own. */
export function mayAct(value: Syntax): boolean {
  let inner = value;
  while (WRAPPERS.test(inner.type) && inner.children[0] !== undefined) inner = inner.children[0];
  if (!CALLS.test(inner.type)) return false;
  const called = inner.field('function')?.text;
  return called === undefined || called.length > 2_000 || !(PURE.test(called) || PURE_METHODS.test(called));
}
