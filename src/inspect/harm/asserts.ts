/**
 * Finds assertions with side effects: if assertions are turned off, the effects do not happen. Pure.
 */
import type { HarmRule } from './rule';

const SIDE_EFFECT = {
  does: 'does something inside of an assertion',
  why: 'if assertions are turned off, this does not happen',
} as const;

export const ASSERTS: readonly HarmRule[] = [
  {
    ...{ ...SIDE_EFFECT, after: 'bandit B101', in: ['python'] },
    pattern:
      /(?<=(?:^|\n|:)[ \t]{0,80})assert\b(?:[^\n(]|\([^()]{0,200}\)|\(){0,200}?(?::=|\.(?:append|extend|insert|pop|popitem|popleft|appendleft|remove|clear|update|setdefault|add|discard|write|writelines|unlink|execute|commit|save|send|put|sort|reverse|charge|__setitem__)\(|\bnext\(|\bsetattr\()/g,
  },
  {
    ...{ ...SIDE_EFFECT, in: ['braces'] },
    pattern:
      /(?<=[\n;{}]\s{0,80})assert\s(?:[^;=\n]|[=!<>]=|\n){0,300}?(?:\+\+|--|(?<![=!<>])=(?![=>])|\.(?:add|addAll|remove|put|append|pop|push|poll|set[A-Z]\w{0,40}|clear|incrementAndGet|getAndIncrement|insert|delete|offer)\()/g,
  },
  {
    ...{ ...SIDE_EFFECT, in: ['braces'] },
    pattern: /(?<=[\n;{}]\s{0,80})assert\((?:[^;=\n]|[=!<>]=){0,300}?(?:\+\+|--|(?<![=!<>])=(?![=>]))/g,
  },
  {
    ...{ ...SIDE_EFFECT, in: ['rust'] },
    pattern:
      /\bdebug_assert(?:_eq|_ne)?!\([^;]{0,200}?\.(?:insert|push|pop|remove|take|replace|next|push_str|fetch_\w{1,20}|swap|write)\(/g,
  },
];
