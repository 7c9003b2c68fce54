/**
 * Stores small JSON documents on local disk: one file per key, one folder per collection.
 *
 * The key is the file name. It may have letters, digits, `.`, `_` and `-` only, so that no key leads out of its folder.
 */
import { readFile, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Collections, DocumentStore } from '../../ports/documents';
import { Failure } from '../../domain/failures';
import { createFile, replaceFile } from '../machine/write-whole';
import { createChangeReader } from '../machine/change-reader';
import { isCode } from '../machine/errno';

// 200 characters and `.json` stay below the 255 bytes that file systems allow a name.
const NAME_PATTERN = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$/;

export function createFileDocuments<All extends object = Collections>(root: string): DocumentStore<All> {
  const pathOf = (collection: string, key: string): string => {
    for (const name of [collection, key]) {
      if (!NAME_PATTERN.test(name))
        throw new Error(`${JSON.stringify(name)} cannot be the name of a document or collection.`);
    }
    return join(root, collection, `${key}.json`);
  };
  const keyReaders = new Map<string, () => Promise<readonly string[]>>();
  return {
    load: async <C extends keyof All & string>(collection: C, key: string) => read<All[C]>(pathOf(collection, key)),
    async keepFirst<C extends keyof All & string>(collection: C, key: string, value: All[C]): Promise<All[C]> {
      const path = pathOf(collection, key);
      const earlier = await read<All[C]>(path);
      if (earlier !== undefined) return earlier;
      await createFile(path, encode(value));
      const kept = await read<All[C]>(path);
      if (kept === undefined)
        throw new Error(`The document ${collection}/${key} was removed while it was stored; try again.`);
      return kept;
    },
    list: async (collection, prefix) => {
      const folder = dirname(pathOf(collection, 'any'));
      const readKeys = keyReaders.get(collection) ?? createKeyReader(folder);
      keyReaders.set(collection, readKeys);
      return (await readKeys()).filter((key) => key.startsWith(prefix));
    },
    replace: async (collection, key, value) => replaceFile(pathOf(collection, key), encode(value)),
    remove: (collection, key) => rm(pathOf(collection, key), { force: true }),
  };
}

const createKeyReader = (folder: string) =>
  createChangeReader<readonly string[]>(folder, () => keysIn(folder), { settledAfterMs: 100 });

/** Lists the keys in a folder, sorted. */
async function keysIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return [];
    throw error;
  });
  const keys = names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length));
  return keys.filter((key) => NAME_PATTERN.test(key)).sort();
}

function encode(value: unknown): Buffer {
  const text = JSON.stringify(value) as string | undefined;
  if (text === undefined) throw new Error('A document must be a JSON value.');
  return Buffer.from(text, 'utf8');
}

async function read<T>(path: string): Promise<T | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  try {
    return JSON.parse(text) as T;
  } catch {
    const name = `${basename(dirname(path))}/${basename(path)}`;
    throw new Failure(
      'Storage.Damaged',
      `The document ${name} is damaged: it is not JSON. Restore the file from a copy.`,
    );
  }
}
