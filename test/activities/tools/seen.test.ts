/** What a conversation has seen of a file, read from its messages (R6). */
import { isSeenWhole, seenIn } from '../../../src/activities/tools/seen';
import type { ModelMessage } from '../../../src/ports/model';

let number = 0;
function turn(name: string, input: object, output: string): ModelMessage[] {
  const id = `c${(number += 1)}`;
  return [
    { from: 'model', text: '', toolCalls: [{ id, name, input }] },
    { from: 'tools', results: [{ id, name, output }] },
  ];
}
const rows = (from: number, to: number, text = 'x') =>
  Array.from({ length: to - from + 1 }, (_, n) => `${from + n}\t${text}`).join('\n');
const read = (from: number, to: number, lines: number, text?: string) =>
  turn('read', { path: 'a.js', from }, `a.js: lines ${from} to ${to} of ${lines} (9 bytes)\n${rows(from, to, text)}`);
const isWhole = (...turns: ModelMessage[][]) => isSeenWhole(seenIn(turns.flat()), 'a.js');

test('R6: a file is seen where its lines were shown, in whichever order', () => {
  expect(isWhole(read(1, 4, 9))).toBe(false);
  expect(isWhole(read(5, 9, 9), read(1, 4, 9))).toBe(true);
  expect(isWhole(read(6, 9, 9), read(1, 4, 9))).toBe(false);
});

test('R6: a line that was cut is not seen, until its rest is shown', () => {
  const cut = read(1, 2, 2, `${'x'.repeat(2_000)} [+500 characters]`);
  expect(isWhole(cut)).toBe(false);
  const rest = (line: number, from: number, to: number) =>
    turn(
      'read',
      { path: 'a.js', from: line, column: from },
      `a.js: line ${line}, characters ${from} to ${to} of 2,500 (9 bytes)\n${line}\tx`,
    );
  expect(isWhole(cut, rest(1, 2_001, 2_500))).toBe(false);
  expect(isWhole(cut, rest(1, 1, 2_500), rest(2, 1, 2_500))).toBe(true);
  expect(isWhole(cut, rest(1, 1, 2_000), rest(2, 1, 2_500))).toBe(false);
});

test('R6: an edit of a file that was seen in part begins anew; one that was seen whole stays seen', () => {
  const edit = turn('edit', { path: 'a.js', edits: [] }, 'edited a.js: 1 place, at line 2');
  expect(isWhole(read(1, 4, 9), edit, read(5, 10, 10))).toBe(false);
  expect(isWhole(read(1, 9, 9), edit)).toBe(true);
  expect(isWhole(read(1, 9, 9), edit, read(1, 2, 12))).toBe(true);
});

test('R6: what was refused, or is shown for another file, is not seen', () => {
  const write = (output: string) => turn('write', { path: 'a.js', content: 'x\n' }, output);
  expect(isWhole(write('error: no'))).toBe(false);
  expect(isWhole(write('written a.js: 1 line'))).toBe(true);
  expect(isWhole(turn('read', { path: 'a.js' }, 'b.js: lines 1 to 1 of 1 (9 bytes)\n1\tx'))).toBe(false);
  expect(isWhole(turn('read', { path: 'a.js' }, '[left out: result {"id":"c1"}]'))).toBe(false);
  expect(isSeenWhole(seenIn([]), 'constructor')).toBe(false);
});

test('R6: a moved or deleted file takes what was seen with it', () => {
  const move = turn('move', { from: 'a.js', to: 'b.js' }, 'moved a.js to b.js');
  const seen = seenIn([...read(1, 9, 9), ...move].flat());
  expect([isSeenWhole(seen, 'a.js'), isSeenWhole(seen, 'b.js')]).toEqual([false, true]);
  expect(isWhole(read(1, 9, 9), turn('delete', { path: 'a.js' }, 'deleted a.js'))).toBe(false);
  expect(JSON.parse(JSON.stringify(seen))).toEqual(seen);
});
