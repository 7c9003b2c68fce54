/**
 * Content security policies that let every script run (CWE-1021, CWE-79), in headers, tags and options of packages.
 * Pure.
 */
import type { HarmRule } from '../rule';

const OPEN = {
  does: 'lets a page load and run what anybody puts into it',
  why: 'a text with a script runs as the page itself; name the hosts, and give own scripts a nonce',
  after: 'CWE-79',
} as const;
const ALL = String.raw`(?<=\s)\*(?![\w.:*/-])`;
/** A browser that supports one of these sources ignores 'unsafe-inline'. */
const NAMED = String.raw`(?:'nonce-|'sha(?:256|384|512)-|'strict-dynamic'|nonce)`;
const SCRIPT = 'script-src(?:-elem|-attr)?';
const IN_TEXT = String.raw`\bdefault-src\s{1,3}(?:[^;\n]{0,200}?\s)?${ALL}|\b${SCRIPT}\s(?:[^;\n]{0,200}?(?:'unsafe-eval'|${ALL})|(?![^;\n]{0,300}${NAMED})[^;\n]{0,200}?'unsafe-inline')|\bdefault-src\s(?![^\n]{0,400}\b(?:script-src|nonce-))[^;\n]{0,200}?'unsafe-(?:eval|inline)'`;
const FOR_DEVELOPERS = /\b(?:is_?)?dev(?:elopment)?\b|NODE_ENV|\bDEBUG\b|\bhmr\b/i;

export const PAGE_POLICIES: readonly HarmRule[] = [
  { ...OPEN, inText: true, pattern: new RegExp(IN_TEXT, 'g'), unless: FOR_DEVELOPERS },
  {
    ...{ ...OPEN, inText: true, in: ['script', 'python'] },
    pattern: new RegExp(
      String.raw`(?:\b(?:script|default)Src(?:Elem|Attr)?\s{0,3}:|'(?:script|default)-src(?:-elem|-attr)?'\s{0,3}:|\bCSP_(?:SCRIPT|DEFAULT)_SRC(?:_ELEM|_ATTR)?\s{0,3}=)\s{0,3}[[(](?![^\])]{0,300}${NAMED})[^\])]{0,300}?(?:''unsafe-(?:eval|inline)''|(?<=[\s[(,])'\*')`,
      'g',
    ),
    unless: FOR_DEVELOPERS,
  },
];

/** Of pages and settings as they stand. */
export const PAGE_POLICIES_IN_TEXTS: readonly HarmRule[] = [{ ...OPEN, pattern: new RegExp(IN_TEXT, 'g') }];
