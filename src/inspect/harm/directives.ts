/**
 * Finds comments that run programs or change how the source is compiled. Reads the source with its comments. Pure.
 */
import type { Syntax } from '../asks/code-view';
import type { HarmRule } from './rule';

const WEAKER_CHECKS = {
  does: 'turns off what the runtime of Go forbids',
  why: 'the program accepts old ciphers, short keys or unchecked input again',
} as const;
/** GODEBUG settings that restore an older, less strict default of Go. */
const WEAK_SETTINGS = String.raw`(?:(?:tls10server|tlsrsakex|tls3des|tlssha1|x509sha1|tlsunsafeekm|x509negativeserial|httplaxcontentlength)=1|(?:rsa1024min|x509usepolicies|execerrdot|urlstrictcolons)=0|tlsmaxrsasize=\d{5,}|multipartmax(?:headers|parts)=0)`;

/** Rules for the unchanged text of go.mod, images and scripts. */
export const WEAKER_RUNTIME: readonly HarmRule[] = [
  {
    ...WEAKER_CHECKS,
    pattern: new RegExp(
      String.raw`^\s{0,9}(?:godebug\s{1,9})?${WEAK_SETTINGS}[ \t]*$|\bGODEBUG\b["']?\s{0,3}[=:]?\s{0,3}["']?[\w=,]{0,80}?${WEAK_SETTINGS}`,
      'gm',
    ),
  },
];

/** `go:generate stringer` and similar commands are usual; downloads and shell commands are reported. */
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
    why: 'the function does something other than the source of its package says',
    pattern: /^\/\/go:linkname\s+\S+\s+\S+/gm,
    in: ['braces'],
    isNote: true,
  },
  { ...WEAKER_CHECKS, pattern: new RegExp(String.raw`^//go:debug\s+${WEAK_SETTINGS}\b`, 'gm'), in: ['braces'] },
  {
    does: 'declares an encoding other than the one in which people read it',
    why: 'the code that runs differs from the code that is shown',
    pattern: /^#.{0,20}coding[:=]\s*(?!utf-?8|ascii|us-ascii|latin-?1|iso-8859|cp125)[\w.-]+/gim,
    in: ['python'],
  },
];
