/**
 * Finds types that answer falsely about themselves: an error that matches every error, equality that is always true, a host
 * check that always passes, types wrongly declared thread-safe (CWE-697, CWE-662, CWE-295). Pure.
 */
import type { HarmRule } from '../rule';

const ALL_SAME = {
  does: 'says of each thing that it is the same',
  why: 'a comparison with anything else says yes as well; compare the contents',
  after: 'CWE-697',
} as const;
const THREADS = {
  does: 'declares a type fit for threads that holds cells without a lock',
  why: 'two threads that write at once lose one of the values; use a Mutex or an atomic',
  after: 'CWE-662',
} as const;
const NO_HOST_CHECK = {
  does: 'takes each host or certificate for the right one',
  why: 'anybody on the way between client and server can read and change the data',
  after: 'CWE-295',
} as const;

export const SAMENESS: readonly HarmRule[] = [
  {
    ...{ ...ALL_SAME, in: ['braces'] },
    pattern:
      /\bfunc\s{1,3}\([^()\n]{1,60}\)\s{0,3}(?:Is|Equal|Equals)\(\s{0,3}\w{0,30}\s{0,3}[\w.*]{1,40}\s{0,3}\)\s{0,3}bool\s{0,3}\{\s{0,40}return\s{1,3}true\s{0,9}\}|\bboolean\s{1,3}equals\(\s{0,3}(?:final\s{1,3})?(?:@\w{1,20}\s{1,3})?Object\s{1,3}\w{1,30}\s{0,3}\)\s{0,3}\{\s{0,60}return\s{1,3}true\s{0,3};|\bbool\s{1,3}Equals\(\s{0,3}\w{1,30}\??\s{1,3}\w{1,30}\s{0,3}\)\s{0,3}(?:=>\s{0,3}true\b|\{\s{0,60}return\s{1,3}true\s{0,3};)|\bfun\s{1,3}equals\(\s{0,3}\w{1,30}\s{0,3}:\s{0,3}Any\?\s{0,3}\)[^={\n]{0,20}(?:=\s{0,3}true\b|\{\s{0,60}return\s{1,3}true\b)/g,
  },
  {
    ...{ ...ALL_SAME, in: ['python'] },
    pattern: /\bdef\s{1,3}__eq__\([^()\n]{1,80}\)[^:\n]{0,30}:\s{1,60}return\s{1,3}True(?![\w.])/g,
    // A value for tests that equals everything, such as ANY, is harmless.
    holds: ({ text }, { index }) =>
      !/\bclass\s{1,3}_?(?:Any|ANY|Wildcard|Match\w{0,20}|Always\w{0,20})\b[^\n]{0,80}\n(?:[^\n]{0,200}\n){0,8}$/.test(
        text.slice(Math.max(0, index - 600), index),
      ),
  },
  {
    ...{ ...ALL_SAME, in: ['rust'] },
    pattern:
      /\bfn\s{1,3}eq\(\s{0,3}&self\s{0,3},\s{0,3}\w{1,30}\s{0,3}:\s{0,3}&\w{1,40}\s{0,3}\)\s{0,3}->\s{0,3}bool\s{0,3}\{\s{0,60}true\s{0,60}\}/g,
    // Values of a type without fields are always equal.
    holds: ({ text }, { index }) => {
      const type =
        [
          ...text.slice(Math.max(0, index - 300), index).matchAll(/\bPartialEq\b[^{}\n]{0,40}\bfor\s{1,3}(\w{1,60})/g),
        ].at(-1)?.[1] ?? '';
      return new RegExp(`\\b(?:struct|enum)\\s{1,3}${type}\\b[^;{(]{0,60}(?:\\{\\s{0,80}[\\w#/]|\\()`).test(text);
    },
  },
  {
    ...{ ...ALL_SAME, in: ['ruby'] },
    pattern: /\bdef\s{1,3}(?:==|eql\?|===)\s{0,3}\(?\s{0,3}\w{1,30}\s{0,3}\)?\s{1,40}true\s{1,40}end\b/g,
  },
  {
    ...{ ...NO_HOST_CHECK, in: ['braces'] },
    pattern:
      /\bboolean\s{1,3}verify\(\s{0,3}(?:final\s{1,3})?String\s{1,3}\w{1,30}\s{0,3},\s{0,3}(?:final\s{1,3})?SSLSession\s{1,3}\w{1,30}\s{0,3}\)\s{0,3}\{\s{0,60}return\s{1,3}true\s{0,3};|\bHostnameVerifier\s{0,3}(?:\w{1,30}\s{0,3}=\s{0,3})?(?:\([^()\n]{0,60}\)\s{0,3}->\s{0,3}true|\{\s{0,3}[\w\s,]{1,30}->\s{0,3}true\s{0,3}\})|\bVerifyPeerCertificate\s{0,3}:\s{0,3}func\([^{}\n]{0,120}\{\s{0,40}return\s{1,3}nil\s{0,9}\}/g,
  },
  {
    ...{ ...THREADS, in: ['rust'] },
    pattern: /\bunsafe\s{1,3}impl(?:<[^<>\n]{0,60}>)?\s{1,3}(?:Sync|Send)\s{1,3}for\s{1,3}(\w{1,60})/g,
    holds: ({ text }, { groups: [type = ''] }) => {
      const [, fields = ''] = new RegExp(`\\bstruct\\s{1,3}${type}\\b[^{(;]{0,80}[{(]([^})]{0,600})`).exec(text) ?? [];
      return (
        /(?<![\w])(?:Cell|RefCell|Rc|OnceCell)\s{0,3}</.test(fields) &&
        !/\b(?:Mutex|RwLock|Atomic\w{1,10}|ReentrantMutex|SpinLock|spin)\b/.test(text)
      );
    },
  },
  {
    does: 'goes around the checks of the compiler for threads',
    why: 'no compiler checks what the code relies on',
    in: ['rust'],
    isNote: true,
    pattern: /\bunsafe\s{1,3}impl(?:<[^<>\n]{0,60}>)?\s{1,3}(?:Sync|Send)\s{1,3}for\b|\bstatic\s{1,3}mut\s{1,3}\w/g,
  },
];
