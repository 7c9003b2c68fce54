/**
 * Finds Java unicode escapes, which the compiler reads before comments and literals, and C trigraphs. With them, code
 * that runs looks like a comment or a text (CWE-116). Reads the unchanged source. Pure.
 */
import type { Syntax } from '../../asks/code-view';
import type { HarmRule } from '../rule';

const HIDDEN = {
  does: 'ends a comment, a text or a line by an escape that only the compiler reads',
  why: 'the text after it runs, and an editor shows it as something else',
} as const;

export const ESCAPES: ReadonlyArray<HarmRule & { in: readonly Syntax[]; files: RegExp }> = [
  {
    ...{ ...HIDDEN, in: ['braces'], files: /\.java$/ },
    // Escapes of an end of line, a quote, a brace or a sign of comments. After an even number of backslashes only.
    pattern:
      /(?<!\\)(?:\\\\){0,9}\\u{1,9}(?:000[aAdD]|0022|0027|005[cC]|002[aAfF](?=\\u{1,9}002[aAfF]|[*/])|007[bBdD]|003[bB])/g,
  },
  {
    ...{ ...HIDDEN, in: ['braces'], files: /\.(?:c|h|cc|cpp|hpp)$/ },
    pattern: /\?\?\/[ \t]{0,9}$|\/\/[^\n]{0,300}\\[ \t]{0,9}$/gm,
  },
];
