/** Tests the document store on real files, with a second process. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createFileDocuments } from '../../../src/adapters/artifacts/documents';

let root: string;
beforeEach(async () => (root = await mkdtemp(join(tmpdir(), 'q-documents-'))));
afterEach(() => rm(root, { recursive: true, force: true }));

/** A store with the collections of this test. */
const open = <T = { writer: number }>() => createFileDocuments<Record<string, T>>(root);

test('twenty concurrent writers of one key store one document, and all get that document back', async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, writer) => open().keepFirst('calls', 'p.b.1', { writer })),
  );
  expect(new Set(answers.map(({ writer }) => writer)).size).toBe(1);
  expect(await open().load('calls', 'p.b.1')).toEqual(answers[0]);
  expect(await readdir(join(root, 'calls'))).toEqual(['p.b.1.json']);
});

test('the first of two processes that write a key wins', async () => {
  const source = join(__dirname, '../../../src/adapters/artifacts/documents');
  const program = `import { createFileDocuments } from ${JSON.stringify(source)};
    createFileDocuments(process.argv[1]!).keepFirst('c', 'k', process.pid).then((kept) => console.log(kept));`;
  const tsx = require.resolve('tsx/cli');
  const run = () => promisify(execFile)(process.execPath, [tsx, '-e', program, root]);
  const keptIds = (await Promise.all([run(), run(), run()])).map(({ stdout }) => stdout.trim());
  expect(new Set(keptIds).size).toBe(1);
});

test('replace lets the last writer win, and load of an unknown key returns undefined', async () => {
  const documents = open<unknown>();
  expect(await documents.load('c', 'k')).toBeUndefined();
  await documents.replace('c', 'k', 1);
  await documents.replace('c', 'k', null);
  expect(await documents.load('c', 'k')).toBeNull();
  expect(await documents.keepFirst('c', 'k', 3)).toBeNull();
});

test('a reader always gets a complete document while it is replaced a hundred times', async () => {
  const documents = open<{ n: number; text: string }>();
  const value = (n: number) => ({ n, text: String(n).repeat(20_000) });
  await documents.replace('c', 'k', value(0));
  let isWriting = true;
  const write = (async () => {
    for (let n = 1; n <= 100; n += 1) await documents.replace('c', 'k', value(n % 10));
    isWriting = false;
  })();
  while (isWriting) {
    const seen = await documents.load('c', 'k');
    expect(seen?.text).toBe(String(seen?.n).repeat(20_000));
  }
  await write;
});

test('the temporary file of a dead writer is not a document', async () => {
  const documents = open<unknown>();
  await documents.replace('c', 'k', 1);
  await writeFile(join(root, 'c', '.0123.tmp'), '{"half');
  expect(await documents.load('c', 'k')).toBe(1);
  await expect(documents.load('c', '.0123')).rejects.toThrow('cannot be the name');
});

test.each(['', '.', '..', '../x', 'a/b', 'a\\b', '.hidden', 'a\0b', 'a b', 'x'.repeat(201)])(
  'the name %j is refused',
  async (name) => {
    const documents = open<unknown>();
    await expect(documents.replace('c', name, 1)).rejects.toThrow('cannot be the name');
    await expect(documents.keepFirst(name, 'k', 1)).rejects.toThrow('cannot be the name');
  },
);

test('loading a document that is not JSON fails with a message that says so', async () => {
  const documents = open<unknown>();
  await documents.replace('c', 'k', 1);
  await writeFile(join(root, 'c', 'k.json'), '{"ha');
  await expect(documents.load('c', 'k')).rejects.toThrow('damaged');
});

test('a list has documents that were stored just before it, and documents that were stored much later', async () => {
  const documents = open<unknown>();
  for (let n = 0; n < 40; n += 1) {
    await documents.keepFirst('quick', `k${n}`, {});
    expect(await documents.list('quick', '')).toHaveLength(n + 1);
  }
  // Makes the folder look as if no document was added for a while.
  await utimes(join(root, 'quick'), 1_700_000_000, 1_700_000_000);
  expect(await documents.list('quick', '')).toHaveLength(40);
  expect(await documents.list('quick', '')).toHaveLength(40);
  await documents.keepFirst('quick', 'another', {});
  expect(await documents.list('quick', 'a')).toEqual(['another']);
});

test('keys are listed by prefix and sorted; a temporary file is not listed, and a missing collection has no keys', async () => {
  const documents = open<unknown>();
  for (const key of ['p.b.2', 'p.b.1', 'p.bb.1', 'q.b.1']) await documents.replace('c', key, key);
  await writeFile(join(root, 'c', '.0123.tmp'), '{"half');
  expect(await documents.list('c', 'p.b.')).toEqual(['p.b.1', 'p.b.2']);
  expect(await documents.list('nothing', '')).toEqual([]);
  await expect(documents.list('../c', '')).rejects.toThrow('cannot be the name');
});
