/** Tests which lines of a file a conversation has shown, by its messages (R6). */
import { halve } from '../../../src/activities/steps/fit-window';
import { isCutBegin, isSeenWhole, seenIn } from '../../../src/activities/tools/seen';
import type { ArtifactStore } from '../../../src/ports/artifacts';
import type { ModelMessage } from '../../../src/ports/model';

let callNumber = 0;
function turn(name: string, input: object, output: string): ModelMessage[] {
  const id = `c${(callNumber += 1)}`;
  return [
    { from: 'model', text: '', toolCalls: [{ id, name, input }] },
    { from: 'tools', results: [{ id, name, output }] },
  ];
}
const rows = (from: number, to: number, text = 'x') =>
  Array.from({ length: to - from + 1 }, (_, n) => `${from + n}\t${text}`).join('\n');
const read = (from: number, to: number, lines: number, text?: string) =>
  turn('read', { path: 'a.js', from }, `a.js: lines ${from} to ${to} of ${lines} (9 bytes)\n${rows(from, to, text)}`);
const isSeenAfter = (...turns: ModelMessage[][]) => isSeenWhole(seenIn(turns.flat()), 'a.js');

test('R6: a file counts as seen once all its lines were shown, in any order', () => {
  expect(isSeenAfter(read(1, 4, 9))).toBe(false);
  expect(isSeenAfter(read(5, 9, 9), read(1, 4, 9))).toBe(true);
  expect(isSeenAfter(read(6, 9, 9), read(1, 4, 9))).toBe(false);
});

test('R6: a line that was cut is not seen, until its rest is shown', () => {
  const cut = read(1, 2, 2, `${'x'.repeat(2_000)} [+500 characters]`);
  expect(isSeenAfter(cut)).toBe(false);
  const rest = (line: number, from: number, to: number) =>
    turn(
      'read',
      { path: 'a.js', from: line, column: from },
      `a.js: line ${line}, characters ${from} to ${to} of 2,500 (9 bytes)\n${line}\tx`,
    );
  expect(isSeenAfter(cut, rest(1, 2_001, 2_500))).toBe(false);
  expect(isSeenAfter(cut, rest(1, 1, 2_500), rest(2, 1, 2_500))).toBe(true);
  expect(isSeenAfter(cut, rest(1, 1, 2_000), rest(2, 1, 2_500))).toBe(false);
});

test('R6: after an edit, a file that was seen in part counts as unseen, and one that was seen whole stays seen', () => {
  const edit = turn('edit', { path: 'a.js', edits: [] }, 'edited a.js: 1 place, at line 2');
  expect(isSeenAfter(read(1, 4, 9), edit, read(5, 10, 10))).toBe(false);
  expect(isSeenAfter(read(1, 9, 9), edit)).toBe(true);
  expect(isSeenAfter(read(1, 9, 9), edit, read(1, 2, 12))).toBe(true);
});

test('R6: a refused read and a read of another file do not count as seen', () => {
  const write = (output: string) => turn('write', { path: 'a.js', content: 'x\n' }, output);
  expect(isSeenAfter(write('error: no'))).toBe(false);
  expect(isSeenAfter(write('written a.js: 1 line'))).toBe(true);
  expect(isSeenAfter(turn('read', { path: 'a.js' }, 'b.js: lines 1 to 1 of 1 (9 bytes)\n1\tx'))).toBe(false);
  expect(isSeenAfter(turn('read', { path: 'a.js' }, '[left out: result {"id":"c1"}]'))).toBe(false);
  expect(isSeenWhole(seenIn([]), 'constructor')).toBe(false);
});

test('R6: a moved file stays seen at its new path, and a deleted one is forgotten', () => {
  const move = turn('move', { from: 'a.js', to: 'b.js' }, 'moved a.js to b.js');
  const seen = seenIn([...read(1, 9, 9), ...move].flat());
  expect([isSeenWhole(seen, 'a.js'), isSeenWhole(seen, 'b.js')]).toEqual([false, true]);
  expect(isSeenAfter(read(1, 9, 9), turn('delete', { path: 'a.js' }, 'deleted a.js'))).toBe(false);
  expect(JSON.parse(JSON.stringify(seen))).toEqual(seen);
});

const ARTIFACTS = { put: () => Promise.resolve({ digest: 'd', bytes: 1 }) } as unknown as ArtifactStore;
/** The conversation as it is cut after a model refused it for its length. */
async function cut(messages: ModelMessage[]): Promise<ModelMessage[]> {
  const shortened = await halve(ARTIFACTS, messages);
  if (shortened === undefined) throw new Error('nothing was cut');
  return shortened;
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
  // A read from the row that was cut fills the gap.
  expect(isSeenAfter(once, read(last, 60, 60))).toBe(true);
  expect(isSeenAfter(once, read(last + 1, 60, 60))).toBe(false);
  // The next cut may cut the note itself.
  const note = result.lastIndexOf('\n[cut');
  const twice = `${result.slice(0, note + 9)}\n${result.slice(note + 1)}`;
  expect(seenIn([begin, ...turn('read', { path: 'a.js' }, twice)])['a.js']).toEqual({
    lines: 60,
    ranges: [[1, last - 1]],
  });
});

test('R6: rows with wrong line numbers are not seen, and neither is a rest of a line that was cut again', () => {
  const wrongRows = turn('read', { path: 'a.js' }, `a.js: lines 1 to 4 of 4 (9 bytes)\n${rows(1, 2)}\n4\tx\n3\tx`);
  expect(seenIn(wrongRows)['a.js']).toEqual({ lines: 4, ranges: [[1, 2]] });
  const long = read(1, 1, 1, `${'x'.repeat(2_000)} [+500 characters]`);
  const rest = `a.js: line 1, characters 2,001 to 2,500 of 2,500 (9 bytes)\n1\tx`;
  expect(isSeenAfter(long, turn('read', { path: 'a.js' }, rest))).toBe(true);
  const note = '[cut to fit this model\'s context: 9 more characters; to see them: result {"id": "c"}, by lines]';
  expect(isSeenAfter(long, turn('read', { path: 'a.js' }, `${rest}\n${note}`))).toBe(false);
});

test('R6: files that the first message shows whole count as seen until that message is cut or they are deleted', async () => {
  const shown = { 'a.js': { lines: 0, ranges: [] } };
  const begin: ModelMessage = { from: 'user', text: `<data name="old_test">\n${'x\n'.repeat(5_000)}</data>` };
  expect(isSeenWhole(seenIn([begin], shown), 'a.js')).toBe(true);
  const deleted = [begin, ...turn('delete', { path: 'a.js' }, 'deleted a.js')];
  expect(isSeenWhole(seenIn(deleted, shown), 'a.js')).toBe(false);
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
  expect(isSeenAfter(cutRow, part(2_001, 22_000), part(22_001, 50_000))).toBe(true);
  expect(isSeenAfter(cutRow, part(2_001, 22_000), part(22_002, 50_000))).toBe(false);
  // Parts do not tell how many lines the file has; the tool write knows it and passes it on.
  const parts = seenIn([...part(20_001, 50_000), ...part(1, 20_000)]);
  expect([isSeenWhole(parts, 'a.js'), isSeenWhole(parts, 'a.js', 1), isSeenWhole(parts, 'a.js', 2)]).toEqual([
    false,
    true,
    false,
  ]);
});
