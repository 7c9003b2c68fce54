/**
 * Texts that could slow down a reader of foreign text: brackets that never close, near matches, and very many matches.
 *
 * A seed is repeated until the text has the wanted size, once without line breaks and once as separate lines.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const SEEDS = JSON.parse(readFileSync(join(__dirname, 'seeds.json'), 'utf8')) as readonly string[];

/** How a seed becomes a text. */
export const ARRANGEMENTS = {
  'one line': (seed: string, chars: number) => repeatTo(seed.replaceAll('\n', ' '), chars),
  lines: (seed: string, chars: number) => repeatTo(`${seed.replace(/\n$/, '')}\n`, chars),
  'long lines, with CRLF': (seed: string, chars: number) => repeatTo(`${repeatTo(seed, 3_000)}\r\n`, chars),
  indented: (seed: string, chars: number) =>
    repeatTo(Array.from({ length: 60 }, (_, at) => `${' '.repeat(at)}${seed}\n`).join(''), chars),
} as const;
export type Arrangement = keyof typeof ARRANGEMENTS;

function repeatTo(text: string, chars: number): string {
  return text.repeat(Math.ceil(chars / text.length)).slice(0, chars);
}

/** Seeds beside each other, in an order that `number` determines. */
export function mixtureOf(number: number, chars: number): string {
  let state = number * 2_654_435_761 + 1;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const few = Array.from({ length: 2 + next(4) }, () => SEEDS[next(SEEDS.length)] ?? '');
  const parts: string[] = [];
  for (let length = 0; length < chars; length += parts.at(-1)?.length ?? 1)
    parts.push(few[next(few.length)] ?? '', next(8) === 0 ? '\n' : '');
  return parts.join('').slice(0, chars);
}
