/**
 * Names of two scripts that look like one: `раy` with two letters of Cyrillic. Words of one script, signs of mathematics and what
 * stands in quotes or comments are none. Pure.
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
/** Letters that some languages read as plain ones. */
const STYLED = /[\uff21-\uff3a\uff41-\uff5a\u{1d400}-\u{1d7ff}]/u;

/** Undefined where no name of the line looks like another one. */
export function lookalike(row: string, file: string): string | undefined {
  const code = withoutQuotes(row);
  for (const [word] of code.matchAll(WORD)) {
    if (/^[ -~]+$/.test(word)) continue;
    if (STYLED.test(word)) return `has a name in styled letters, which is read as "${word.normalize('NFKC')}"`;
    if (!/[\p{Script=Cyrillic}\p{Script=Greek}]/u.test(word)) continue;
    if (isMixed(word)) return `has a name of letters of two scripts: "${word}"`;
    const latin = [...word].map((sign) => LATIN_OF.get(sign) ?? sign).join('');
    if (word.length > 1 && /^[ -~]+$/.test(latin) && hasWord(file, latin))
      return `has a name that looks like "${latin}" and is another one`;
  }
  return undefined;
}

function isMixed(word: string): boolean {
  if (!/\p{Script=Latin}/u.test(word)) return false;
  return word.split(/[_$\d]+/).some((part) => {
    const hasLatin = /\p{Script=Latin}/u.test(part);
    if (/\p{Script=Cyrillic}/u.test(part)) return hasLatin || [...part].every((sign) => LATIN_OF.has(sign));
    // One sign of mathematics beside letters is usual: Δt, dθ, αMax.
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

/** What stands in quotes and comments is blank. A quote that no other one closes in its line is a sign; a template goes on. */
function withoutQuotes(row: string): string {
  const endOf = createQuoteEnds(row);
  if (/^\s*(?:\*(?!\w)|--\s)/.test(row)) return '';
  let code = '';
  for (let at = 0; at < row.length; at++) {
    const sign = row[at] ?? '';
    if ((sign === '/' && row[at + 1] === '/') || (sign === '#' && /\s/.test(row[at - 1] ?? ' '))) break;
    const end = sign === '/' && row[at + 1] === '*' ? closing(row, '*/', at + 2) : closingQuote(row, at, endOf);
    if (end === undefined) code += sign;
    else at = end;
  }
  return code;
}

/** Where the literal ends that begins here; undefined where none does. */
function closingQuote(row: string, at: number, endOf: ReturnType<typeof createQuoteEnds>): number | undefined {
  const quote = row[at] ?? '';
  if (!/["'`]/.test(quote)) return undefined;
  return endOf(quote, at + 1) ?? (quote === '`' ? row.length : undefined);
}

function closing(row: string, mark: string, from: number): number {
  const end = row.indexOf(mark, from);
  return end < 0 ? row.length : end + mark.length - 1;
}
