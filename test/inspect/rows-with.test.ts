/** Compares the search for all words at once with a separate search for each word. */
import fc from 'fast-check';
import { countRowsWith } from '../../src/inspect/rows-with';
import { processorMs } from '../processor-time';

function oneByOne(
  words: readonly string[],
  rows: readonly string[],
): Array<[string, { firstRow: number; count: number }]> {
  return words.flatMap((word): Array<[string, { firstRow: number; count: number }]> => {
    const count = rows.filter((row) => row.includes(word)).length;
    return count === 0 ? [] : [[word, { firstRow: rows.findIndex((row) => row.includes(word)), count }]];
  });
}

test('words that contain or overlap each other are found', () => {
  const words = ['he', 'she', 'his', 'hers', 'h', 'ushers!'];
  expect(new Map(countRowsWith(words, ['ushers', 'his', 'x', 'hehe']))).toEqual(
    new Map(oneByOne(words, ['ushers', 'his', 'x', 'hehe'])),
  );
});

test('random words are found in random rows', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 0, maxLength: 12 });
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(fc.uniqueArray(word), fc.array(text), (words, rows) => {
      expect(new Map(countRowsWith(words, rows))).toEqual(new Map(oneByOne(words, rows)));
    }),
  );
});

test('S1: the time does not grow with the product of words and rows', async () => {
  const rows = Array.from({ length: 20_000 }, (_, at) => `${'a'.repeat(40)}${at}`);
  const words = Array.from({ length: 20_000 }, (_, at) => `${'a'.repeat(40)}b${at}`);
  expect(await processorMs(() => countRowsWith(words, rows))).toBeLessThan(4_000);
});
