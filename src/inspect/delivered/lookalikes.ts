/**
 * Finds identifiers that look like other identifiers, because some of their letters are of another script: `раy` has two Cyrillic
 * letters. Identifiers of one script, signs of mathematics, and text in quotes or comments are not reported. Pure.
 */
import { createQuoteEnds } from '../literal-ends';

const CYRILLIC = 'асеорхуіјѕԁһӏѵԛԝАВЕКМНОРСТХУІЈЅԌ';
const LIKE_CYRILLIC = 'aceopxyijsdhlvqwABEKMHOPCTXYIJSG';
const GREEK = 'ονιρυκχηγτΑΒΕΖΗΙΚΜΝΟΡΤΥΧϲϳ';
const LIKE_GREEK = 'ovipukxnytABEZHIKMNOPTYXcj';
const LATIN_OF = new Map(
  [...CYRILLIC, ...GREEK].map((sign, at) => [sign, [...(LIKE_CYRILLIC + LIKE_GREEK)][at] ?? sign]),
);
const WORD = /[\p{L}\p{M}\p{N}_$]+/gu;
/** Fullwidth and mathematical letters, which some languages read as plain ASCII letters. */
const STYLED = /[\uff21-\uff3a\uff41-\uff5a\u{1d400}-\u{1d7ff}]/u;

/** Returns the reason to report the line; undefined if no identifier of it looks like another one. */
export function lookalikeProblem(row: string, file: string): string | undefined {
  const code = withoutLiterals(row);
  for (const [word] of code.matchAll(WORD)) {
    if (/^[ -~]+$/.test(word)) continue;
    if (STYLED.test(word)) return `has a name in styled letters, which is read as "${word.normalize('NFKC')}"`;
    if (!/[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(word)) continue;
    if (hasMixedScripts(word)) return `has a name of letters of two scripts: "${word}"`;
    const latin = [...word].map((sign) => LATIN_OF.get(sign) ?? sign).join('');
    if (word.length > 1 && /^[ -~]+$/.test(latin) && hasWord(file, latin))
      return `has a name that looks like "${latin}" and is another one`;
  }
  return undefined;
}

function hasMixedScripts(word: string): boolean {
  if (!/\p{Script=Latin}/u.test(word)) return false;
  return word.split(/[_$\d]+/).some((part) => {
    const hasLatin = /\p{Script=Latin}/u.test(part);
    if (/\p{Script=Cyrillic}/u.test(part)) return hasLatin || [...part].every((sign) => LATIN_OF.has(sign));
    // One Greek letter next to Latin ones is usual in formulas: Δt, dθ, αMax.
    const greek = [...part].filter((sign) => LATIN_OF.has(sign));
    return (
      greek.length > 0 && (part.match(/\p{Script=Latin}/gu) ?? []).length >= 2 && !/^\p{Script=Greek}[A-Z]/u.test(part)
    );
  });
}

function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
    if (!/[\w$]/.test(text[at - 1] ?? '') && !/[\w$]/.test(text[at + word.length] ?? '')) return true;
  return false;
}

/**
 * Removes strings and comments. A quote that is not closed in its line counts as a plain sign; a template that is not closed takes
 * the rest of the line.
 */
function withoutLiterals(row: string): string {
  const quoteEnd = createQuoteEnds(row);
  if (/^\s*(?:\*(?!\w)|--\s)/.test(row)) return '';
  let code = '';
  for (let at = 0; at < row.length; at++) {
    const sign = row[at] ?? '';
    if ((sign === '/' && row[at + 1] === '/') || (sign === '#' && /\s/.test(row[at - 1] ?? ' '))) break;
    const end = sign === '/' && row[at + 1] === '*' ? endOfComment(row, '*/', at + 2) : closingQuote(row, at, quoteEnd);
    if (end === undefined) code += sign;
    else at = end;
  }
  return code;
}

/** Returns the index at which the literal that begins here ends; undefined if no literal begins here. */
function closingQuote(row: string, at: number, quoteEnd: ReturnType<typeof createQuoteEnds>): number | undefined {
  const quote = row[at] ?? '';
  if (!/["'`]/.test(quote)) return undefined;
  return quoteEnd(quote, at + 1) ?? (quote === '`' ? row.length : undefined);
}

function endOfComment(row: string, mark: string, from: number): number {
  const end = row.indexOf(mark, from);
  return end < 0 ? row.length : end + mark.length - 1;
}
