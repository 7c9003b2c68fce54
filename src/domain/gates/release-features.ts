/**
 * Finds new features in release notes that neither the request, the plan nor the commit mentions in any word. Pure.
 *
 * Only sentences with words such as "now", "new" or "supports" are checked, part by part; one common word is enough.
 */

/** Matches a sentence that announces something new. */
const NEWS =
  /\b(?:now|new(?:ly)?|adds?|added|introduc(?:es|ed|ing)|supports?|supported|support for|(?:comes|ships) with|enables?|enabled|from (?:this|now) (?:\w+ ){0,2}on(?:wards?)?|as of (?:this|now)|first time|(?:is|are|becomes?) (?:now )?possible|includes?|brings?)\b/i;
/** Matches a part that claims nothing new. */
const NO_CLAIM =
  /\b(?:not|no|never|neither|without|none|later|planned|future|todo|still|unchanged|as before|remains?|stays?)\b/i;
const COMMON_WORDS = new Set(
  `about above after again also always another because been before being below better between both brings build built
   change changed changes code comes could does done each every everybody everyone existing feature features first fixed fixes
   from full further gets gives have having here improve improved improvement improvements improves include included includes
   into itself just keeps later less like made make makes many more most much must need needs next notes onwards only other
   others over part people possible previous product project release released releases same several should simple small some
   such than that their them then there these they thing things this those through time under until update updated upgrade
   usage used user users using value values version very want well what when where which while will with within work works
   would your added adds enabled enables introduced introduces introducing newly supported supports support`.split(
    /\s+/,
  ),
);
const MAX_SENTENCES = 200;
/** Length of a word's stem: `converted` and `conversion` share it. */
const STEM_CHARS = 5;
const MIN_WORDS = 2;

/** Returns the parts of sentences that announce an unknown feature. `known`: the text of the request, the plan and the commit. */
export function unknownFeatures(text: string, known: string): string[] {
  const stems = new Set(wordsOf(known).map(stemOf));
  const sentences = text.slice(0, 20_000).split(/(?<=[.!?;])\s{1,20}|\n/, MAX_SENTENCES);
  return sentences
    .filter((sentence) => NEWS.test(sentence))
    .flatMap((sentence) => sentence.split(/,|;|\band\b|\bbut\b/))
    .filter((part) => !NO_CLAIM.test(part) && isUnknown(part, stems))
    .map((part) => part.trim().slice(0, 120));
}

function isUnknown(part: string, stems: ReadonlySet<string>): boolean {
  const words = wordsOf(part).filter((word) => !COMMON_WORDS.has(word));
  return words.length >= MIN_WORDS && words.every((word) => !stems.has(stemOf(word)));
}

/** Returns the words of at least four letters, with camel-case names split. */
function wordsOf(text: string): string[] {
  const separated = text.replace(/([a-z\d])([A-Z])/g, '$1 $2');
  return (separated.match(/\p{L}{4,40}/gu) ?? []).map((word) => word.toLowerCase());
}

function stemOf(word: string): string {
  return word.slice(0, STEM_CHARS).replace(/(?:s|e)$/, '');
}
