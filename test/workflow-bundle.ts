/**
 * Makes one workflow bundle for the whole test run, the one that a worker makes when it starts; the workers of all test files read it.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDirOf } from '../src/programs/data-folders';
import { cachedBundle } from '../src/programs/workflow-bundle';

/** Gives the path of the bundle in `folder`; `cachedBundle` says what `isEncrypted` means. */
export async function writeTestBundle(folder: string, isEncrypted = false): Promise<string> {
  const { XDG_CACHE_HOME } = process.env;
  const cacheDir = cacheDirOf({ XDG_CACHE_HOME: XDG_CACHE_HOME || undefined, DATA_DIR: folder });
  const { code } = await cachedBundle({ cacheDir, isEncrypted });
  const file = join(folder, 'workflows.js');
  await writeFile(file, code);
  return file;
}
