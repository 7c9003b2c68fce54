/**
 * Reads keys of providers from files, so that an operator can change them while builds run. The variable `<key variable>_FILE` names
 * the file.
 */
import { readFileSync, statSync } from 'node:fs';
import { Failure } from '../../domain/failures';

export function fileVariable<V extends string>(variable: V): `${V}_FILE` {
  return `${variable}_FILE`;
}

/**
 * Returns a function that reads the key, and reads it again if the file has changed. If the file is missing or empty, the last key
 * is used.
 *
 * `variable`: the variable that the file replaces. A failure names it instead of the path.
 */
export function createKeyFile(path: string, variable: string): () => string {
  let key: string | undefined;
  let version: string | undefined;
  return () => {
    try {
      const { mtimeMs, size, ino } = statSync(path);
      const currentVersion = `${mtimeMs}.${size}.${ino}`;
      if (currentVersion !== version) key = readKey(path) || key;
      version = currentVersion;
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
