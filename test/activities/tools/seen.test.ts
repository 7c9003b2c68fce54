/** Tests which lines of a file a conversation has shown, by its messages (R6). */
import { halve } from '../../../src/activities/steps/fit-window';
import { isCutBegin, isSeenWhole, seenIn } from '../../../src/activities/tools/seen';
import type { ArtifactStore } from '../../../src/ports/artifacts';
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

test('R6: after an edit, a file that was seen in part counts as unseen, and one that was seen whole stays seen', () => {
  const edit = turn('edit', { path: 'a.js', edits: [] }, 'edited a.js: 1 place, at line 2');
  expect(isWhole(read(1, 4, 9), edit, read(5, 10, 10))).toBe(false);
  expect(isWhole(read(1, 9, 9), edit)).toBe(true);
  expect(isWhole(read(1, 9, 9), edit, read(1, 2, 12))).toBe(true);
});

test('R6: a refused read and a read of another file do not count as seen', () => {
  const write = (output: string) => turn('write', { path: 'a.js', content: 'x\n' }, output);
  expect(isWhole(write('error: no'))).toBe(false);
  expect(isWhole(write('written a.js: 1 line'))).toBe(true);
  expect(isWhole(turn('read', { path: 'a.js' }, 'b.js: lines 1 to 1 of 1 (9 bytes)\n1\tx'))).toBe(false);
  expect(isWhole(turn('read', { path: 'a.js' }, '[left out: result {"id":"c1"}]'))).toBe(false);
  expect(isSeenWhole(seenIn([]), 'constructor')).toBe(false);
});

test('R6: a moved file stays seen at its new path, and a deleted one is forgotten', () => {
  const move = turn('move', { from: 'a.js', to: 'b.js' }, 'moved a.js to b.js');
  const seen = seenIn([...read(1, 9, 9), ...move].flat());
  expect([isSeenWhole(seen, 'a.js'), isSeenWhole(seen, 'b.js')]).toEqual([false, true]);
  expect(isWhole(read(1, 9, 9), turn('delete', { path: 'a.js' }, 'deleted a.js'))).toBe(false);
  expect(JSON.parse(JSON.stringify(seen))).toEqual(seen);
});

const ARTIFACTS = { put: () => Promise.resolve({ digest: 'd', bytes: 1 }) } as unknown as ArtifactStore;
/** As a model that refuses a request for its length leads to. */
async function cut(messages: ModelMessage[]): Promise<ModelMessage[]> {
  const kept = await halve(ARTIFACTS, messages);
  if (kept === undefined) throw new Error('nothing was cut');
  return kept;
}

test('R6: of a result that was cut to fit the context only the rows before the last one count, however often it was cut', async () => {
  const begin: ModelMessage = { from: 'user', text: 'begin' };
  const messages = [begin, ...read(1, 60, 60, 'x'.repeat(200))];
  const once = await cut(messages);
  const result = once[2]?.from === 'tools' ? (once[2].results[0]?.output ?? '') : '';
  const last = Number(/\n(\d+)\t.*\n\[cut to fit this model's context: [^\n]*$/.exec(result)?.[1]);
  expect(last).toBeGreaterThan(20);
  expect(seenIn(messages)['a.js']).toEqual({ lines: 60, ranges: [[1, 60]] });
  expect(seenIn(once)['a.js']).toEqual({ lines: 60, ranges: [[1, last - 1]] });
  // What is read again from the row that was cut fills the gap.
  expect(isWhole(once, read(last, 60, 60))).toBe(true);
  expect(isWhole(once, read(last + 1, 60, 60))).toBe(false);
  // The note itself may be cut at the next time.
  const note = result.lastIndexOf('\n[cut');
  const twice = `${result.slice(0, note + 9)}\n${result.slice(note + 1)}`;
  expect(seenIn([begin, ...turn('read', { path: 'a.js' }, twice)])['a.js']).toEqual({
    lines: 60,
    ranges: [[1, last - 1]],
  });
});

test('R6: rows with other numbers than theirs are not seen, and neither is the rest of a line that was cut', () => {
  const odd = turn('read', { path: 'a.js' }, `a.js: lines 1 to 4 of 4 (9 bytes)\n${rows(1, 2)}\n4\tx\n3\tx`);
  expect(seenIn(odd)['a.js']).toEqual({ lines: 4, ranges: [[1, 2]] });
  const long = read(1, 1, 1, `${'x'.repeat(2_000)} [+500 characters]`);
  const rest = `a.js: line 1, characters 2,001 to 2,500 of 2,500 (9 bytes)\n1\tx`;
  expect(isWhole(long, turn('read', { path: 'a.js' }, rest))).toBe(true);
  const note = '[cut to fit this model\'s context: 9 more characters; to see them: result {"id": "c"}, by lines]';
  expect(isWhole(long, turn('read', { path: 'a.js' }, `${rest}\n${note}`))).toBe(false);
});

test('R6: files that the first message shows whole are seen until it is cut, and what is done to them counts', async () => {
  const shown = { 'a.js': { lines: 0, ranges: [] } };
  const begin: ModelMessage = { from: 'user', text: `<data name="old_test">\n${'x\n'.repeat(5_000)}</data>` };
  expect(isSeenWhole(seenIn([begin], shown), 'a.js')).toBe(true);
  const gone = [begin, ...turn('delete', { path: 'a.js' }, 'deleted a.js')];
  expect(isSeenWhole(seenIn(gone, shown), 'a.js')).toBe(false);
  const [first, ...more] = await cut([begin]);
  expect([isCutBegin(begin), isCutBegin(first), isCutBegin(undefined)]).toEqual([false, true, false]);
  expect(isSeenWhole(seenIn([...(first === undefined ? [] : [first]), ...more], shown), 'a.js')).toBe(false);
  expect(isCutBegin({ from: 'user', text: "[cut to fit this model's context: 1 more]\nno last line" })).toBe(false);
});

test('R6: a long line counts as seen once its parts join from its first to its last character', () => {
  const part = (from: number, to: number) =>
    turn(
      'read',
      { path: 'a.js', from: 1, column: from },
      `a.js: line 1, characters ${from} to ${to} of 50,000 (9 bytes)\n1\tx`,
    );
  const cutRow = read(1, 1, 1, `${'x'.repeat(2_000)} [+48,000 characters]`);
  expect(isWhole(cutRow, part(2_001, 22_000), part(22_001, 50_000))).toBe(true);
  expect(isWhole(cutRow, part(2_001, 22_000), part(22_002, 50_000))).toBe(false);
  // By parts alone it is not known how many lines there are; who writes over the file knows.
  const parts = seenIn([...part(20_001, 50_000), ...part(1, 20_000)]);
  expect([isSeenWhole(parts, 'a.js'), isSeenWhole(parts, 'a.js', 1), isSeenWhole(parts, 'a.js', 2)]).toEqual([
    false,
    true,
    false,
  ]);
});
