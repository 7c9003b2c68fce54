/**
 * Half characters: where they stand, and cuts that make none.
 */
import { cutText, findHalfCharacter, loneSurrogateAt } from '../../src/domain/text';

test.each<[string, number | undefined]>([
  ['', undefined],
  ['a😀b', undefined],
  ['\ud83d', 0],
  ['😀\ude00', 2],
  ['😀\ud83d😀', 2],
  ['ab\ud83dc', 2],
])('M12: %j has its first half at %p', (text, at) => {
  expect(loneSurrogateAt(text)).toBe(at);
});

test('M12: the first half in a value is found by its path, names of members too', () => {
  expect(findHalfCharacter({ a: ['x', { b: 'y\ud800' }], c: '\ud800' })).toEqual({ path: ['a', '1', 'b'], at: 1 });
  expect(findHalfCharacter({ a: { 'n\udc00': 1 } })).toEqual({ path: ['a', 'n\ufffd'], at: 1 });
  expect(findHalfCharacter('\ud800')).toEqual({ path: [], at: 0 });
  expect(findHalfCharacter({ a: [1, null, true, '😀'] })).toBeUndefined();
});

test('M11: a cut leaves out the character that does not fit whole', () => {
  const text = `${'a'.repeat(15_999)}${'😀'.repeat(20_000)}`;
  expect(cutText(text, 16_000)).toBe('a'.repeat(15_999));
  expect(cutText(text, 16_001)).toBe(`${'a'.repeat(15_999)}😀`);
  expect(cutText('ab', 2)).toBe('ab');
  expect(cutText('😀', 0)).toBe('');
});
