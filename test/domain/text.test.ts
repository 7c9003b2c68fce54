/**
 * Lone surrogates: finding them, and cutting texts without making any.
 */
import fc from 'fast-check';
import {
  cutText,
  findHalfCharacter,
  loneSurrogateAt,
  placeIn,
  tailOf,
  wholeCharactersUpTo,
} from '../../src/domain/text';

test.each<[string, number | undefined]>([
  ['', undefined],
  ['a😀b', undefined],
  ['\ud83d', 0],
  ['😀\ude00', 2],
  ['😀\ud83d😀', 2],
  ['ab\ud83dc', 2],
])('M12: the first lone surrogate of %j is at %p', (text, at) => {
  expect(loneSurrogateAt(text)).toBe(at);
});

test('M12: the first lone surrogate in a JSON value is found with its path, also in member names', () => {
  expect(findHalfCharacter({ a: ['x', { b: 'y\ud800' }], c: '\ud800' })).toEqual({ path: ['a', '1', 'b'], at: 1 });
  expect(findHalfCharacter({ a: { 'n\udc00': 1 } })).toEqual({ path: ['a', 'n\ufffd'], at: 1 });
  expect(findHalfCharacter('\ud800')).toEqual({ path: [], at: 0 });
  expect(findHalfCharacter({ a: [1, null, true, '😀'] })).toBeUndefined();
});

test('M11: a cut leaves out a character that does not fit completely', () => {
  const text = `${'a'.repeat(15_999)}${'😀'.repeat(20_000)}`;
  expect(cutText(text, 16_000)).toBe('a'.repeat(15_999));
  expect(cutText(text, 16_001)).toBe(`${'a'.repeat(15_999)}😀`);
  expect(cutText('ab', 2)).toBe('ab');
  expect(cutText('😀', 0)).toBe('');
});

test('M11: no cut makes a lone surrogate or is too long, for any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(40), (text, units) => {
      const [head, tail] = [cutText(text, units), tailOf(text, units)];
      expect([head, tail].every((part) => part.isWellFormed() && part.length <= units)).toBe(true);
      expect(text.startsWith(head) && text.endsWith(tail)).toBe(true);
      expect(Math.min(units, text.length) - Math.min(head.length, tail.length)).toBeLessThanOrEqual(1);
      expect(text.slice(0, wholeCharactersUpTo(text, units))).toBe(head);
    }),
  );
});

test('M12: an offset is described by line and character', () => {
  expect(placeIn('a\nbc\ud83d', 4)).toBe('line 2, character 3');
  expect(placeIn('a', 0)).toBe('line 1, character 1');
});
