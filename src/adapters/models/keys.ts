/**
 * Keys of providers that lie in files, so that they can be changed while builds run: `<variable>_FILE` beside each key.
 */
import { readFileSync, statSync } from 'node:fs';
import { Failure } from '../../domain/failures';

export function fileVariable<V extends string>(variable: V): `${V}_FILE` {
  return `${variable}_FILE`;
}

/**
 * Reads the file again where it was changed. A file that is gone for a moment does not take back the key that was read.
 *
 * `variable`: whose place the file takes; a failure names it, and not where the file lies.
 */
export function createKeyFile(path: string, variable: string): () => string {
  let key: string | undefined;
  let version: string | undefined;
  return () => {
    try {
      const { mtimeMs, size, ino } = statSync(path);
      const found = `${mtimeMs}.${size}.${ino}`;
      if (found !== version) key = readKey(path) || key;
      version = found;
    } catch {
      version = undefined;
    }
    if (key !== undefined && key !== '') return key;
    throw new Failure(
      'Model.Unauthorized',
      `the file that ${fileVariable(variable)} names cannot be read, or is empty`,
    );
  };
}

function readKey(path: string): string {
  return readFileSync(path, 'utf8').trim();
}
