/** Tests exact edits of a text: matches, kept line ends, and the message if nothing matches (R6). */
import { editText } from '../../../src/inspect/tool-texts/edit-text';
import type { TextEdit } from '../../../src/inspect/tool-texts/edit-text';

const edit = (text: string, ...edits: TextEdit[]) => editText(text, edits);

test('R6: several edits are made one after the other, and their lines are those of the new text', () => {
  const made = edit('a\nb\nc\nd\n', { old: 'd', new: 'D' }, { old: 'b\n', new: 'b1\nb2\n' }, { old: 'b2', new: 'x' });
  expect(made).toEqual({ text: 'a\nb1\nx\nc\nD\n', places: 3, lines: [2, 3, 5] });
});

test('R6: an edit of a CRLF file is given with LF, and every line keeps its end', () => {
  expect(edit('a\r\nb\r\nc\r\n', { old: 'b\nc', new: 'b\nx\nc' })).toMatchObject({ text: 'a\r\nb\r\nx\r\nc\r\n' });
  expect(edit('a\r\nb\r\nc\r\n', { old: 'b', new: 'b\nx' })).toMatchObject({ text: 'a\r\nb\r\nx\r\nc\r\n' });
  expect(edit('a\r\nb', { old: '\nb', new: '' })).toMatchObject({ text: 'a' });
});

test('R6: a file with both line ends keeps each where nothing was changed', () => {
  const mixed = 'a\r\nb\nc\r\nd\ne\r\n';
  expect(edit(mixed, { old: 'a', new: 'A' }, { old: 'e', new: 'E' })).toMatchObject({ text: 'A\r\nb\nc\r\nd\nE\r\n' });
  expect(edit(mixed, { old: 'b\nc\nd\n', new: 'b\nx\nd\n' })).toMatchObject({ text: 'a\r\nb\nx\nd\ne\r\n' });
});

test('R6: a CR in old or new is not converted', () => {
  expect(edit('a\r\nb\r\n', { old: 'a\r\n', new: 'a\n' })).toMatchObject({ text: 'a\nb\r\n' });
  expect(edit('a\nb\n', { old: 'a\n', new: 'a\r\n' })).toMatchObject({ text: 'a\r\nb\n' });
});

test('R6: a text that occurs in several places is refused with its lines, unless the edit asks for all places', () => {
  const text = 'x\ny\nx x\n';
  expect(edit(text, { old: 'x', new: 'z' })).toEqual({
    problem: expect.stringMatching(/3 places, at lines 1, 3, 3; .*all: true/),
  });
  expect(edit(text, { old: 'x', new: 'zz', all: true })).toEqual({ text: 'zz\ny\nzz zz\n', places: 3, lines: [1, 3] });
});

test.each([
  [
    '  if (a) {\n    b();\n',
    'if (a) {\n  b();',
    /from line 1 on only white space differs: "  if \(a\) \{\\n    b\(\);"/,
  ],
  ['one\n\ttwo  three\n', 'two three', /from line 2 on only white space differs/],
  ['one\ntwo\n', '1\tone\n2\ttwo', /without the line numbers/],
  ['one\ntwo\n', 'one\nthree', /first line stands in line 1/],
  ['one\n', 'four', /read it first/],
  ['one\n', '', /old is empty/],
])('R6: in the text %j, the edit of %j is refused with the reason', (text, old, words) => {
  expect(edit(text, { old, new: 'x' })).toEqual({ problem: expect.stringMatching(words) });
});

test('R6: an edit that changes nothing is refused, and the message names the number of the refused edit', () => {
  expect(edit('a b', { old: 'a', new: 'a' })).toEqual({ problem: expect.stringContaining('the same') });
  const second = edit('a b', { old: 'a', new: 'b' }, { old: 'b', new: 'c' });
  expect(second).toEqual({ problem: expect.stringMatching(/^edit 2 of 2: old stands in 2 places/) });
});

test('R6: a large text with many places is edited in linear time', () => {
  const text = 'ab\r\n'.repeat(50_000);
  const began = process.cpuUsage().user;
  const made = edit(text, { old: 'a', new: 'aa', all: true }, { old: 'b', new: 'bb', all: true });
  expect(made).toMatchObject({ places: 100_000 });
  expect(edit(text, { old: `${'ab\n'.repeat(50_000)}x`, new: '' })).toHaveProperty('problem');
  // In quadratic time each edit would take minutes.
  expect((process.cpuUsage().user - began) / 1e6).toBeLessThan(20);
});
