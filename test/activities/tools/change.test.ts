/** Tests tools that change files: bytes, line ends, encodings and modes stay, and refusals give the reason (R6, M11, M12, M14). */
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openTools } from './tool-context';
import type { Tools } from './tool-context';

/** A source of 343 KB. */
const BIG = Array.from(
  { length: 9_812 },
  (_, n) => `${`export const value${n + 1} = ${n + 1};`.padEnd(34, '/')}\n`,
).join('');
const latin1 = (text: string) => Buffer.from(text, 'latin1');

let tools: Tools;
beforeEach(async () => {
  tools = await openTools((folder) => {
    mkdirSync(join(folder, 'src'));
    const write = (name: string, bytes: string | Buffer) => writeFileSync(join(folder, name), bytes);
    write('src/big.js', BIG);
    write('crlf.txt', 'one\r\ntwo\r\nthree\r\n');
    write('mixed.txt', 'a\r\nb\nc\r\n');
    write('mark.txt', '\ufeffone\r\ntwo\r\n');
    write('letter.txt', latin1('caf\xe9\nna\xefve\n'));
    write('open.txt', 'no end');
    write('wide.txt', Buffer.from('\ufeffone\n', 'utf16le'));
    write('data.bin', Buffer.from([0, 1, 2, 255]));
    write('huge.bin', Buffer.alloc(3 * 1024 * 1024, 'x\0'));
    write('run.sh', '#!/bin/sh\n');
    chmodSync(join(folder, 'run.sh'), 0o755);
    symlinkSync('open.txt', join(folder, 'link'));
  });
});
afterEach(() => tools.close());

test('R6: line 1,000 of a file of 343 KB is changed by one edit, and nothing else of it', async () => {
  const old = 'export const value1000 = 1000;';
  const said = await tools.use('edit', { path: 'src/big.js', edits: [{ old, new: 'export const value1000 = 0;' }] });
  expect(said).toBe('edited src/big.js: 1 place, at line 1000');
  expect(tools.bytes('src/big.js').toString()).toBe(BIG.replace('value1000 = 1000', 'value1000 = 0'));
  expect(await tools.changed()).toEqual([['src/big.js', 1, 1]]);
});

test('R6: several edits of a call are all made, or none', async () => {
  const edits = [
    { old: 'value1000 = 1000', new: 'value1000 = 7' },
    { old: 'value1204 = 1204', new: 'value1204 = 8' },
  ];
  expect(await tools.use('edit', { path: './src/big.js', edits })).toBe(
    'edited src/big.js: 2 places, at lines 1000, 1204',
  );
  expect(tools.state.touched).toEqual(['src/big.js']);
  const before = tools.state.commit;
  const second = await tools.use('edit', { path: 'src/big.js', edits: [{ old: 'value1 =', new: 'v =' }, edits[0]] });
  expect(second).toMatch(/^error: src\/big.js: edit 2 of 2: old does not stand in the file; .*nothing was changed$/);
  expect(tools.state).toMatchObject({ commit: before, touched: [] });
});

test('R6: line ends, byte order mark, encoding and mode of a file stay', async () => {
  const edit = (path: string, old: string, next: string) => tools.use('edit', { path, edits: [{ old, new: next }] });
  await edit('crlf.txt', 'one\ntwo', 'one\nnew\ntwo');
  expect(tools.bytes('crlf.txt').toString()).toBe('one\r\nnew\r\ntwo\r\nthree\r\n');
  await edit('mixed.txt', 'c', 'C');
  expect(tools.bytes('mixed.txt').toString()).toBe('a\r\nb\nC\r\n');
  await edit('mark.txt', 'one\n', 'eins\n');
  expect(tools.bytes('mark.txt').toString()).toBe('\ufeffeins\r\ntwo\r\n');
  await edit('letter.txt', 'naïve\n', 'naïve\nÜber\n');
  expect(tools.bytes('letter.txt')).toEqual(latin1('caf\xe9\nna\xefve\n\xdcber\n'));
  await edit('run.sh', 'sh', 'bash');
  expect(await tools.modeOf('run.sh')).toBe('100755');
  await edit('open.txt', 'no', 'still no');
  expect(tools.bytes('open.txt').toString()).toBe('still no end');
});

test('R6: a file of more than 1 MiB is edited, and grows a little', async () => {
  const text = `${'x'.repeat(99)}\n`.repeat(15_000);
  tools.close();
  tools = await openTools((folder) => writeFileSync(join(folder, 'long.txt'), `${text}last\n`));
  expect(await tools.use('edit', { path: 'long.txt', edits: [{ old: 'last', new: 'LAST' }] })).toMatch(
    /at line 15001$/,
  );
  const more = { path: 'long.txt', content: 'y'.repeat(100_000) };
  expect(await tools.use('append', more)).toMatch(/^error: .*long.txt" has 1600005 bytes; a file may have 1565541/);
});

test('R6: append keeps line ends and encoding, and ends an open last line first', async () => {
  expect(await tools.use('append', { path: 'open.txt', content: 'more\n' })).toMatch(/it has 2 lines now$/);
  expect(tools.bytes('open.txt').toString()).toBe('no end\nmore\n');
  await tools.use('append', { path: 'crlf.txt', content: 'four\nfive\n' });
  expect(tools.bytes('crlf.txt').toString()).toMatch(/three\r\nfour\r\nfive\r\n$/);
  await tools.use('append', { path: 'letter.txt', content: 'Ü\n' });
  expect(tools.bytes('letter.txt')).toEqual(latin1('caf\xe9\nna\xefve\n\xdc\n'));
  await tools.use('append', { path: 'new/file.txt', content: 'first' });
  expect(tools.bytes('new/file.txt').toString()).toBe('first');
});

test('R6: a change that the encoding of the file cannot hold is refused with the reason', async () => {
  const edits = [{ old: 'one', new: 'two' }];
  expect(await tools.use('edit', { path: 'wide.txt', edits })).toMatch(/^error: .*10 bytes, text in UTF-16/);
  expect(await tools.use('read', { path: 'data.bin' })).toMatch(/^error: .*not a text file: 4 bytes/);
  expect(await tools.use('edit', { path: 'letter.txt', edits: [{ old: 'café', new: '10 €' }] })).toMatch(
    /^error: .*latin-1.*"€" \(U\+20AC\).*nothing was changed/,
  );
  expect(await tools.use('append', { path: 'link', content: 'x' })).toMatch(/^error: .*symbolic link/);
  expect(await tools.changed()).toEqual([]);
});

test('R6: a moved file keeps its mode and its bytes', async () => {
  const before = tools.bytes('huge.bin');
  expect(await tools.use('move', { from: 'huge.bin', to: 'far/away/huge.bin' })).toBe(
    'moved huge.bin to far/away/huge.bin',
  );
  expect(tools.bytes('far/away/huge.bin').equals(before)).toBe(true);
  await tools.use('move', { from: 'run.sh', to: 'bin/run' });
  expect(await tools.modeOf('bin/run')).toBe('100755');
  expect(tools.state.touched).toEqual(['run.sh', 'bin/run']);
  for (const [from, to, reason] of [
    ['open.txt', 'crlf.txt', 'exists already'],
    ['open.txt', 'bin', 'is a folder'],
    ['open.txt', 'crlf.txt/x', 'not a folder'],
    ['open.txt', '../out', '".."'],
    ['open.txt', '.git/config', 'git directory'],
    ['nosuch', 'x', 'there is no file'],
    ['link', 'x', 'symbolic link'],
  ])
    expect(await tools.use('move', { from, to })).toMatch(new RegExp(`^error: .*${reason}`));
  // A folder may take the place of the file that moves into it.
  expect(await tools.use('move', { from: 'open.txt', to: 'open.txt/inner' })).toMatch(/^moved/);
});

test('R6: the tool mode changes only the mode, and the tool delete removes a file', async () => {
  expect(await tools.use('mode', { path: 'huge.bin', executable: true })).toBe('huge.bin is executable now');
  expect(await tools.modeOf('huge.bin')).toBe('100755');
  expect(await tools.use('mode', { path: 'run.sh', executable: true })).toMatch(/^error: .*already/);
  expect(await tools.use('delete', { path: 'data.bin' })).toBe('deleted data.bin');
  expect(await tools.modeOf('data.bin')).toBeUndefined();
  expect(await tools.use('delete', { path: 'data.bin' })).toMatch(/^error: there is no file/);
  expect(await tools.use('delete', { path: 'src' })).toMatch(/^error: .*is a folder/);
});

test('R6: a whole file is written as text or bytes, and deleted by `content: null`', async () => {
  expect(await tools.use('write', { path: 'a.txt', content: 'a\nb\n' })).toBe(
    'written a.txt: new file, 2 lines, 4 bytes',
  );
  expect(await tools.use('write', { path: 'a.bin', content: null, base64: 'AAEC' })).toMatch(
    /^written a.bin: new file, 3 bytes/,
  );
  expect([...tools.bytes('a.bin')]).toEqual([0, 1, 2]);
  expect(await tools.use('write', { path: 'tool.sh', content: 'x', executable: true })).toMatch(/^written/);
  expect(await tools.modeOf('tool.sh')).toBe('100755');
  expect(await tools.use('write', { path: 'a.txt', content: null })).toBe('deleted a.txt');
  expect(await tools.use('write', { path: 'a.txt' })).toMatch(/^error: .*give content or base64/);
  expect(await tools.use('write', { path: 'a.bin', content: null, base64: '!' })).toMatch(/^error: .*base64/);
});

test('R6: a long file is overwritten only if the conversation has shown all of it', async () => {
  const write = { path: 'src/big.js', content: 'export {};\n' };
  expect(await tools.use('write', write)).toMatch(/^error: .*9,812 lines.*edit or append/);
  for (let from = 1; from <= BIG.split('\n').length - 1;) {
    expect(await tools.use('write', write)).toMatch(/^error:/);
    const said = await tools.use('read', { path: 'src/big.js', from, lines: 2_000 });
    from = Number(/to ([\d,]+) of/.exec(said)?.[1]?.replaceAll(',', '')) + 1;
  }
  expect(await tools.use('write', write)).toMatch(/^written src\/big.js/);
});

test('R6: a file that the conversation wrote counts as seen, also after a move and an edit', async () => {
  await tools.use('delete', { path: 'src/big.js' });
  const [, , , overwrite] = await tools.turn([
    { name: 'write', input: { path: 'src/big.js', content: BIG } },
    { name: 'move', input: { from: 'src/big.js', to: 'src/other.js' } },
    { name: 'edit', input: { path: 'src/other.js', edits: [{ old: 'value7 = 7', new: 'value7 = 0;\n' }] } },
    { name: 'write', input: { path: 'src/other.js', content: 'x' } },
  ]);
  expect(overwrite).toMatch(/^written/);
});

test('R6: a read in the same turn as the write does not count as seen', async () => {
  const read = { name: 'read', input: { path: 'letter.txt' } };
  await tools.use('append', { path: 'letter.txt', content: `${'x'.repeat(1_900)}\n`.repeat(14) });
  const [, overwrite] = await tools.turn([read, { name: 'write', input: { path: 'letter.txt', content: 'x' } }]);
  expect(overwrite).toMatch(/^error: .*not all of them were shown/);
});

test.each([
  ['write', { path: 'a.txt', content: 'one\ntwo \ud83d' }],
  ['append', { path: 'open.txt', content: 'one\ntwo \ud83d' }],
  ['edit', { path: 'open.txt', edits: [{ old: 'no', new: 'one\ntwo \ud83d' }] }],
])('M12: half a character in %s is refused with its place', async (name, input) => {
  expect(await tools.use(name, input)).toMatch(
    /^error: .*half a character \(a lone surrogate\) at line 2, character 5/,
  );
  expect(await tools.changed()).toEqual([]);
});

test('M14: written paths come from calls that were carried out, not from their ids', async () => {
  await tools.turn([
    { id: 'call_0', name: 'write', input: { path: 'a.js', content: 'x' } },
    { id: 'call_0', name: 'write', input: { path: '../x', content: 'x' } },
    { id: 'call_0', name: 'edit', input: { path: 'b.js', edits: [{ old: 'x', new: 'y' }] } },
  ]);
  expect(tools.state.touched).toEqual(['a.js']);
});

test('R6: write reports the size of the stored file, which keeps its line ends and encoding', async () => {
  expect(await tools.use('write', { path: 'crlf.txt', content: 'one\nfour\n' })).toBe(
    'written crlf.txt: 2 lines, 11 bytes',
  );
  expect(await tools.use('write', { path: 'letter.txt', content: 'th\xe9\n' })).toBe(
    'written letter.txt: 1 line, 4 bytes',
  );
});
