/** Tests very large files and inputs: each call gives a message or a page, and none fails the activity (R6). */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openTools } from './tool-context';
import type { Tools } from './tool-context';

let tools: Tools;
beforeAll(async () => {
  tools = await openTools((folder) => {
    const write = (name: string, bytes: string | Buffer) => writeFileSync(join(folder, name), bytes);
    write('large.txt', `${'x'.repeat(99)}\n`.repeat(60_000) + 'needle\n');
    write('vast.txt', `${'v'.repeat(99)}\n`.repeat(180_000));
    write('data.bin', Buffer.from([0, 1, 2, 255]));
    write('huge.bin', Buffer.alloc(3 * 1024 * 1024, 'x\0'));
  });
});
afterAll(() => tools.close());

test('R6: edits that would grow a text without a limit, or stand in too many places, are refused before it is built', async () => {
  const grow = Array.from({ length: 9 }, () => ({ old: 'a', new: `aa${'x'.repeat(1_000)}`, all: true }));
  await tools.use('write', { path: 'grow.txt', content: 'aaaa\n' });
  expect(await tools.use('edit', { path: 'grow.txt', edits: grow })).toMatch(
    /^error: grow.txt: edit 9 of 9: the text would have 2046049 characters after it; it may have 1048581; nothing was changed$/,
  );
  await tools.use('write', { path: 'many.txt', content: 'a'.repeat(100_001) });
  const edits = [{ old: 'a', new: 'b', all: true }];
  expect(await tools.use('edit', { path: 'many.txt', edits })).toMatch(
    /^error: many.txt: old stands in more than 100000/,
  );
});

test('R6: a large file is edited, and a text with a NUL is refused with its place', async () => {
  expect(await tools.use('edit', { path: 'large.txt', edits: [{ old: 'needle', new: 'pin' }] })).toMatch(
    /^edited large/,
  );
  for (const [name, input] of [
    ['write', { path: 'nul.txt', content: 'a\nb\0' }],
    ['append', { path: 'nul.txt', content: 'a\nb\0' }],
    ['edit', { path: 'large.txt', edits: [{ old: 'pin', new: 'a\nb\0' }] }],
  ] as const)
    expect(await tools.use(name, input)).toMatch(
      /^error: .* holds the character NUL at line 2, character 2, which no text/,
    );
});

test('R6: a file that cannot be shown as text is not overwritten by text', async () => {
  expect(await tools.use('write', { path: 'huge.bin', content: 'x\n' })).toMatch(
    /^error: huge.bin is no text file, so it was not/,
  );
  expect(await tools.use('write', { path: 'data.bin', base64: 'AAEC' })).toMatch(/^written data.bin/);
  const vast = { path: 'vast.txt', base64: 'AAEC' };
  expect(await tools.use('write', vast)).toMatch(
    /^error: vast.txt has 18,000,000 bytes, which is too much to read: delete it/,
  );
});

test('R6: a pattern or a number that git refuses gives a message, and long lines are shown in pages', async () => {
  const ownTools = await openTools((folder) => {
    writeFileSync(join(folder, 'wide.txt'), `${'w'.repeat(30_000)}\n`.repeat(400));
    writeFileSync(join(folder, 'bad\nname.txt'), 'needle\n');
    writeFileSync(join(folder, 'name.txt'), 'other\n');
  });
  try {
    expect(await ownTools.use('search', { pattern: '\\C' })).toMatch(
      /^error: the pattern cannot be searched for: |^\d+ hits? in/,
    );
    expect(await ownTools.use('log', { from: 3_000_000_000 })).toMatch(/^error: the arguments of log do not fit/);
    expect(await ownTools.use('blame', { path: 'wide.txt', lines: 400 })).toMatch(
      /^wide.txt: lines 1 to \d+ of 400\n[0-9a-f]{10} \d{4}-/,
    );
    expect(await ownTools.use('search', { text: 'needle' })).toBe('1 hit in 1 file\nbad name.txt:1: needle');
  } finally {
    ownTools.close();
  }
});

test('R6: a page of a file of 8 million lines, and a text that it does not hold, take less than four seconds of CPU time', async () => {
  const ownTools = await openTools((folder) => {
    writeFileSync(join(folder, 'empty.txt'), '\n'.repeat(8_000_000));
  });
  try {
    const began = process.cpuUsage().user;
    expect(await ownTools.use('read', { path: 'empty.txt', from: 7_999_999 })).toMatch(/\n7999999\t\n8000000\t$/);
    const edits = [{ old: 'x\n\nx', new: 'y' }];
    expect(await ownTools.use('edit', { path: 'empty.txt', edits })).toMatch(
      /^error: empty.txt: old does not stand in the file/,
    );
    expect((process.cpuUsage().user - began) / 1e6).toBeLessThan(4);
  } finally {
    ownTools.close();
  }
});
