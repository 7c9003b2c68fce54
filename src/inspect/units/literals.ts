/**
 * Changes the value of a literal: a number grows by one, a boolean is inverted, a string gets a suffix.
 *
 * Both units and perturbed expectations use it.
 */
import type { Edit } from '../../domain/experiments/units';
import type { Syntax } from './syntax';

export const NUMBERS: ReadonlySet<string> = new Set([
  'number',
  'integer',
  'float',
  'int_literal',
  'float_literal',
  'decimal_integer_literal',
  'hex_integer_literal',
  'octal_integer_literal',
  'binary_integer_literal',
  'decimal_floating_point_literal',
  'integer_literal',
  'real_literal',
  'number_literal',
]);
export const STRINGS: ReadonlySet<string> = new Set([
  'string',
  'template_string',
  'interpreted_string_literal',
  'raw_string_literal',
  'string_literal',
  'encapsed_string',
  'verbatim_string_literal',
  'interpolated_string_expression',
  'regex',
]);
export const BOOLEANS: ReadonlySet<string> = new Set(['true', 'false', 'boolean', 'boolean_literal']);

/** The edit that changes a literal's value; undefined where the node is no literal, or one that cannot be changed in this way. */
export function otherLiteral(node: Syntax): Edit | undefined {
  if (NUMBERS.has(node.type)) {
    const more = oneMore(node.text);
    return more === undefined ? undefined : { from: node.from, to: node.to, text: more };
  }
  if (BOOLEANS.has(node.type) && node.isNamed) {
    const other = OTHER_BOOLEAN.get(node.text);
    return other === undefined ? undefined : { from: node.from, to: node.to, text: other };
  }
  return STRINGS.has(node.type) ? longerString(node) : undefined;
}

const OTHER_BOOLEAN: ReadonlyMap<string, string> = new Map([
  ['true', 'false'],
  ['false', 'true'],
  ['True', 'False'],
  ['False', 'True'],
  ['TRUE', 'FALSE'],
  ['FALSE', 'TRUE'],
]);

const PREFIXED =
  /^(0[xX])([0-9a-fA-F_]{1,40})(\w{0,10})$|^(0[bB])([01_]{1,80})(\w{0,10})$|^(0[oO]?)([0-7_]{1,40})(\w{0,10})$/;
const PLAIN = /^([\d_]{0,60})(\.[\d_]{0,60})?([eE][+-]?\d{1,6})?([a-zA-Z]\w{0,10})?$/;

/** The next number in the same notation; the previous number where the next one might not fit the type. */
export function oneMore(text: string): string | undefined {
  const prefixed = PREFIXED.exec(text);
  const plain = PLAIN.exec(text);
  if (text !== '0' && prefixed !== null && (plain === null || text.startsWith('0')) && !/^0[_\d]*[.89]/.test(text)) {
    const [prefix, digits, suffix, base] =
      prefixed[1] !== undefined
        ? [prefixed[1], prefixed[2], prefixed[3], 16]
        : prefixed[4] !== undefined
          ? [prefixed[4], prefixed[5], prefixed[6], 2]
          : [prefixed[7], prefixed[8], prefixed[9], 8];
    const bare = (digits ?? '').replaceAll('_', '');
    const value = bare === '' ? undefined : BigInt(`${base === 16 ? '0x' : base === 2 ? '0b' : '0o'}${bare}`);
    return value === undefined ? undefined : `${prefix}${next(value).toString(base)}${suffix}`;
  }
  if (plain === null || text === '') return undefined;
  const [, whole = '', part = '', exponent = '', suffix = ''] = plain;
  if (whole === '' && part.length < 2) return undefined;
  return `${next(BigInt(whole.replaceAll('_', '') || '0'))}${part}${exponent}${suffix}`;
}

/** Numbers such as 127, 255 and 65535 are the largest of their type. */
function next(value: bigint): bigint {
  return value >= 127n && (value & (value + 1n)) === 0n ? value - 1n : value + 1n;
}

const MARK = '_broken';

function longerString(node: Syntax): Edit | undefined {
  const at = endOfContent(node);
  return at === undefined ? undefined : { from: at, to: at, text: MARK };
}

/** The position at which the closing quote of a string begins. */
function endOfContent(node: Syntax): number | undefined {
  const last = node.all.at(-1);
  if (node.type === 'regex') return node.field('pattern')?.to;
  if (last?.type === 'string_end') return last.from;
  const tail = node.text.slice(1).slice(-40);
  const close = /(?:"""|'''|["'`\])}/|])#{0,20}$/.exec(tail);
  // A byte string with another number of bytes would have another type.
  if (close === null || /^b[r"']/.test(node.text)) return undefined;
  return node.to - close[0].length;
}

/** Describes the edit of a literal in a short sentence. */
export function saysLiteral(node: Syntax, edit: Edit): string {
  const short = node.to - node.from <= 50 ? node.text : `${node.text.slice(0, 47)}...`;
  return edit.text === MARK ? `${short}: another text` : `${short}: ${edit.text}`;
}
