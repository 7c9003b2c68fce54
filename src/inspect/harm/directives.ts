/**
 * Comments that run programs or change how the source is read. They are searched in the source as it stands. Pure.
 */
import type { Syntax } from '../asks/code-view';
import type { HarmRule } from './rule';

/** `go:generate stringer` and the like is the usual way; what is fetched or put together by a shell is not. */
export const DIRECTIVES: ReadonlyArray<HarmRule & { in: readonly Syntax[] }> = [
  {
    does: 'runs a program by a comment',
    why: 'a step of the release runs it, and no test does',
    pattern:
      /^\/\/go:generate\s[^\n]{0,200}?(?:\bgo\s+(?:run|install)\s+\S{0,100}\w\.\w[^\s/]{0,60}\/\S{1,200}@|\bcurl\b|\bwget\b|\b(?:ba|z)?sh\b|\brm\b|https?:\/\/|\bpython3?\s+-c|\bnode\s+-e|\bnpx\b)[^\n]{0,200}/gm,
    in: ['braces'],
  },
  {
    does: 'runs a program by a comment',
    why: 'a step of the release may run it, and no test does',
    pattern: /^\/\/go:generate\s[^\n]{1,200}/gm,
    in: ['braces'],
    isNote: true,
  },
  {
    does: 'takes the name of a function away from another package by a comment',
    why: 'what the name does is not what its package says',
    pattern: /^\/\/go:linkname\s+\S+\s+\S+/gm,
    in: ['braces'],
    isNote: true,
  },
  {
    does: 'is written in another encoding than its readers take',
    why: 'what runs is not what is shown',
    pattern: /^#.{0,20}coding[:=]\s*(?!utf-?8|ascii|us-ascii|latin-?1|iso-8859|cp125)[\w.-]+/gim,
    in: ['python'],
  },
];
