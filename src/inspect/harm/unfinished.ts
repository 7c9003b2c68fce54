/**
 * Rules for functions without an implementation: the whole body is a stub. Abstract methods of a base class do
 * not count. Pure.
 */
import type { CodeView } from '../asks/code-view';
import type { HarmRule, Match } from './rule';

const STUB = {
  does: 'says that it is not implemented',
  why: 'its caller gets an error instead of a result',
} as const;
/** The beginning of a message that says so. */
const STUB_MESSAGE = String.raw`'[^']{0,60}(?:[nN]ot (?:yet )?implemented|NOT IMPLEMENTED|[uU]nimplemented|TODO|[iI]mplement me)`;

export const UNFINISHED: readonly HarmRule[] = [
  {
    ...{ ...STUB, in: ['rust'] },
    pattern: /\btodo!\s{0,3}\(|(?<=\bfn\s[^{};]{1,300}\{\s{0,80})unimplemented!\s{0,3}\(/g,
  },
  {
    ...{ ...STUB, in: ['python'] },
    pattern: /(?<=\bdef\s[^\n:]{1,200}:\s{1,120})raise\s+NotImplementedError\b/g,
    holds: isConcrete,
  },
  {
    ...{ ...STUB, in: ['script', 'braces', 'php'] },
    pattern: new RegExp(
      String.raw`(?<=[)>\w]\s{0,9}(?:=>\s{0,9})?\{\s{0,80})(?:throw\s+new\s+\w{1,40}\(\s{0,9}${STUB_MESSAGE}|throw\s+new\s+NotImplementedException\(|panic\(\s{0,9}${STUB_MESSAGE}|TODO\()`,
      'g',
    ),
    holds: isConcrete,
  },
  {
    ...{ ...STUB, in: ['braces'] },
    pattern: /=>\s{0,9}throw\s+new\s+NotImplementedException\(|=\s{0,9}TODO\(/g,
    holds: isConcrete,
  },
];

const ABOVE_CHARS = 3_000;

/** False in a class that others extend, and in the last branch of a choice. */
function isConcrete({ text }: CodeView, { index }: Match): boolean {
  const above = text.slice(Math.max(0, index - ABOVE_CHARS), index);
  const near = above.slice(-200);
  if (
    /\babstract\b|@abstractmethod|\belse\s{0,9}\{?\s{0,80}$|\bdefault\s{0,3}:[^}]{0,80}$|\bcatch\b[^}]{0,80}$|\bif\s{0,3}\([^{}]{0,150}\{\s{0,80}$|@overload/.test(
      near,
    )
  )
    return false;
  const [header] = [...above.matchAll(/\bclass\s+(\w{1,60})[^\n{]{0,120}/g)].at(-1)?.slice(0, 1) ?? [];
  if (header === undefined) return true;
  const [, className = ''] = /class\s+(\w+)/.exec(header) ?? [];
  if (/\b(?:ABC|ABCMeta|Protocol|abstract)\b|Base|Abstract|Interface|Mixin/.test(header)) return false;
  return !new RegExp(
    String.raw`\bclass\s+\w{1,60}\s{0,3}(?:\([^)\n]{0,80}\b${className}\b|(?:<[^>\n]{0,40}>)?\s{0,3}(?:extends|:)\s{0,3}${className}\b)`,
  ).test(text);
}
