/** Texts are cut at characters (M11), and half a character is found (M12). */
import fc from 'fast-check';
import { headOf, loneSurrogateAt, placeIn, tailOf } from '../../src/domain/characters';

test('M11: no cut of any text makes half a character, and no cut is longer than asked', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(40), (text, units) => {
      const [head, tail] = [headOf(text, units), tailOf(text, units)];
      expect([head, tail].every((part) => part.isWellFormed() && part.length <= units)).toBe(true);
      expect(text.startsWith(head) && text.endsWith(tail)).toBe(true);
      expect(Math.min(units, text.length) - Math.min(head.length, tail.length)).toBeLessThanOrEqual(1);
    }),
  );
});

test('M11: 15,999 letters and 20,000 emojis are cut before the emoji that does not fit', () => {
  const text = 'a'.repeat(15_999) + '😀'.repeat(20_000);
  expect(headOf(text, 16_000)).toBe('a'.repeat(15_999));
  expect(tailOf(text, 3)).toBe('😀');
});

test('M12: the first half character of a text is found, and where it stands', () => {
  expect(loneSurrogateAt('a😀b')).toBeUndefined();
  expect(loneSurrogateAt('a😀\ud83d b\udc00')).toBe(3);
  expect(placeIn('a\nbc\ud83d', 4)).toBe('line 2, character 3');
});
