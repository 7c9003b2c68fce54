/**
 * Finds assertions with side effects: where assertions are turned off, the effects do not happen. Pure.
 */
import type { HarmRule } from './rule';

const LEFT_OUT = {
  does: 'does something inside of an assertion',
  why: 'where assertions are off, this is left out',
} as const;

export const ASSERTS: readonly HarmRule[] = [
  {
    ...{ ...LEFT_OUT, after: 'bandit B101', in: ['python'] },
    pattern:
      /(?<=(?:^|\n|:)[ \t]{0,80})assert\b(?:[^\n(]|\([^()]{0,200}\)|\(){0,200}?(?::=|\.(?:append|extend|insert|pop|popitem|popleft|appendleft|remove|clear|update|setdefault|add|discard|write|writelines|unlink|execute|commit|save|send|put|sort|reverse|charge|__setitem__)\(|\bnext\(|\bsetattr\()/g,
  },
  {
    ...{ ...LEFT_OUT, in: ['braces'] },
    pattern:
      /(?<=[\n;{}]\s{0,80})assert\s(?:[^;=\n]|[=!<>]=|\n){0,300}?(?:\+\+|--|(?<![=!<>])=(?![=>])|\.(?:add|addAll|remove|put|append|pop|push|poll|set[A-Z]\w{0,40}|clear|incrementAndGet|getAndIncrement|insert|delete|offer)\()/g,
  },
  {
    ...{ ...LEFT_OUT, in: ['braces'] },
    pattern: /(?<=[\n;{}]\s{0,80})assert\((?:[^;=\n]|[=!<>]=){0,300}?(?:\+\+|--|(?<![=!<>])=(?![=>]))/g,
  },
  {
    ...{ ...LEFT_OUT, in: ['rust'] },
    pattern:
      /\bdebug_assert(?:_eq|_ne)?!\([^;]{0,200}?\.(?:insert|push|pop|remove|take|replace|next|push_str|fetch_\w{1,20}|swap|write)\(/g,
  },
];
