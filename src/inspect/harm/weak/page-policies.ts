/**
 * Finds content security policies that let every script run (CWE-1021, CWE-79), in headers, tags and options of
 * packages. Pure.
 */
import type { HarmRule } from '../rule';

const OPEN_POLICY = {
  does: 'lets a page load and run what anybody puts into it',
  why: 'a script in a text of a user runs with the rights of the page; name the allowed hosts, and give own scripts a nonce',
  after: 'CWE-79',
} as const;
/** The source `*` alone, not as a part of a host such as `*.example.org`. */
const ANY_HOST = String.raw`(?<=\s)\*(?![\w.:*/-])`;
/** Sources that name single scripts. A browser that supports one of them ignores 'unsafe-inline'. */
const SCRIPT_SOURCE = String.raw`(?:'nonce-|'sha(?:256|384|512)-|'strict-dynamic'|nonce)`;
const SCRIPT_DIRECTIVE = 'script-src(?:-elem|-attr)?';
/**
 * An open policy in a text: `default-src` with any host, `script-src` with 'unsafe-eval' or any host, `script-src` with
 * 'unsafe-inline' and no named script, or an unsafe `default-src` without a `script-src`.
 */
const OPEN_IN_TEXT = String.raw`\bdefault-src\s{1,3}(?:[^;\n]{0,200}?\s)?${ANY_HOST}|\b${SCRIPT_DIRECTIVE}\s(?:[^;\n]{0,200}?(?:'unsafe-eval'|${ANY_HOST})|(?![^;\n]{0,300}${SCRIPT_SOURCE})[^;\n]{0,200}?'unsafe-inline')|\bdefault-src\s(?![^\n]{0,400}\b(?:script-src|nonce-))[^;\n]{0,200}?'unsafe-(?:eval|inline)'`;
/** Signs that the policy is only for development. */
const FOR_DEVELOPMENT = /\b(?:is_?)?dev(?:elopment)?\b|NODE_ENV|\bDEBUG\b|\bhmr\b/i;

/** Rules for sources: a policy as one text, and as a list in the options of helmet, Django and others. */
export const PAGE_POLICIES: readonly HarmRule[] = [
  { ...OPEN_POLICY, inText: true, pattern: new RegExp(OPEN_IN_TEXT, 'g'), unless: FOR_DEVELOPMENT },
  {
    ...{ ...OPEN_POLICY, inText: true, in: ['script', 'python'] },
    pattern: new RegExp(
      String.raw`(?:\b(?:script|default)Src(?:Elem|Attr)?\s{0,3}:|'(?:script|default)-src(?:-elem|-attr)?'\s{0,3}:|\bCSP_(?:SCRIPT|DEFAULT)_SRC(?:_ELEM|_ATTR)?\s{0,3}=)\s{0,3}[[(](?![^\])]{0,300}${SCRIPT_SOURCE})[^\])]{0,300}?(?:''unsafe-(?:eval|inline)''|(?<=[\s[(,])'\*')`,
      'g',
    ),
    unless: FOR_DEVELOPMENT,
  },
];

/** Rules for the unchanged text of pages and settings. */
export const PAGE_POLICIES_IN_TEXTS: readonly HarmRule[] = [{ ...OPEN_POLICY, pattern: new RegExp(OPEN_IN_TEXT, 'g') }];
