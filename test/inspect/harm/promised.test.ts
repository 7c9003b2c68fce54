/** Functions and settings that do not do what they promise, by table: each row has similar harmless code. */
import { harmKindOf } from '../../../src/inspect/harm/harmed-files';
import { harmfulLines } from '../../../src/inspect/harm/harmful-lines';
import { DEFAULT_ROWS } from './default-rows';
import { EFFECT_ROWS } from './effect-rows';
import { MEMORY_ROWS } from './memory-rows';
import { PROMISED_ROWS } from './promised-rows';

function harmsIn(path: string, source: string): string[] {
  const kind = harmKindOf(path, { protects: () => false });
  const harms = kind === undefined ? [] : harmfulLines(path, source, kind).harms;
  return harms.filter(({ isNote }) => !isNote).map(({ line, does }) => `${line} ${does}`);
}

test.each([...PROMISED_ROWS, ...DEFAULT_ROWS, ...EFFECT_ROWS, ...MEMORY_ROWS])(
  '%s: %s',
  (_name, path, harmful, does, honest) => {
    expect(harmsIn(path, harmful)).toContainEqual(expect.stringMatching(does));
    expect(harmsIn(path, honest)).toEqual([]);
  },
);
