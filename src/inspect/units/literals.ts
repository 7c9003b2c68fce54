/**
 * Changes the value of a literal: a number grows by one, a boolean is inverted, a string gets a suffix.
 *
 * Experiments use it for units and for expected values of tests.
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

/** Returns the edit that changes a literal's value; undefined if the node is no literal that can be changed in this way. */
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

/** A hexadecimal, binary or octal number: prefix, digits and suffix of each notation. */
const PREFIXED =
  /^(0[xX])([0-9a-fA-F_]{1,40})(\w{0,10})$|^(0[bB])([01_]{1,80})(\w{0,10})$|^(0[oO]?)([0-7_]{1,40})(\w{0,10})$/;
/** A decimal number: whole part, fraction, exponent, suffix. */
const DECIMAL = /^([\d_]{0,60})(\.[\d_]{0,60})?([eE][+-]?\d{1,6})?([a-zA-Z]\w{0,10})?$/;

/** Returns the next number in the same notation, or the previous one if the next one might not fit the type. */
export function oneMore(text: string): string | undefined {
  const prefixed = PREFIXED.exec(text);
  const decimal = DECIMAL.exec(text);
  if (text !== '0' && prefixed !== null && (decimal === null || text.startsWith('0')) && !/^0[_\d]*[.89]/.test(text)) {
    const [, hexPrefix, hexDigits, hexSuffix, binPrefix, binDigits, binSuffix, octPrefix, octDigits, octSuffix] =
      prefixed;
    const hex = { prefix: hexPrefix, digits: hexDigits, suffix: hexSuffix, base: 16, sign: '0x' };
    const binary = { prefix: binPrefix, digits: binDigits, suffix: binSuffix, base: 2, sign: '0b' };
    const octal = { prefix: octPrefix, digits: octDigits, suffix: octSuffix, base: 8, sign: '0o' };
    const notations = [hex, binary].filter((one) => one.prefix !== undefined);
    const { prefix, digits, suffix, base, sign } = notations[0] ?? octal;
    const bare = (digits ?? '').replaceAll('_', '');
    const value = bare === '' ? undefined : BigInt(`${sign}${bare}`);
    return value === undefined ? undefined : `${prefix}${neighbourOf(value).toString(base)}${suffix}`;
  }
  if (decimal === null || text === '') return undefined;
  const [, whole = '', fraction = '', exponent = '', suffix = ''] = decimal;
  if (whole === '' && fraction.length < 2) return undefined;
  return `${neighbourOf(BigInt(whole.replaceAll('_', '') || '0'))}${fraction}${exponent}${suffix}`;
}

/** Returns the next number; for the largest of a type, such as 127, 255 and 65535, the previous one. */
function neighbourOf(value: bigint): bigint {
  return value >= 127n && (value & (value + 1n)) === 0n ? value - 1n : value + 1n;
}

/** The suffix of changed strings. */
const MARK = '_broken';

function longerString(node: Syntax): Edit | undefined {
  const at = endOfContent(node);
  return at === undefined ? undefined : { from: at, to: at, text: MARK };
}

/** Returns the position of the closing quote of a string. */
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
