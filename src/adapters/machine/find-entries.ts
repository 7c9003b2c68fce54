/**
 * Lists the entries of a folder by `find`, in a process of its own: a tree may have hundreds of thousands of files, and to list them in
 * this process would block the JavaScript thread.
 */
import { startProgram } from './processes/start';

export interface FindOptions {
  /** Tests and actions of `find` that come before `-printf`, such as `-type d -name x -prune -o`. */
  tests?: string[];
  /** The format of `-printf` for one entry, without a terminator. */
  format: string;
}

/**
 * Calls `onEntry` with the formatted text of each entry below the folder. A missing folder has no entries. Returns false if `find` failed,
 * so that entries may be missing.
 */
export async function findEntries(
  folder: string,
  { tests = [], format }: FindOptions,
  onEntry: (entry: string) => void,
): Promise<boolean> {
  let entryParts: Buffer[] = [];
  const splitChunk = (chunk: Buffer): void => {
    let begin = 0;
    for (let end = chunk.indexOf(0); end !== -1; end = chunk.indexOf(0, begin)) {
      // The bytes are joined before they are decoded, because a chunk may end within a character.
      onEntry(Buffer.concat([...entryParts, chunk.subarray(begin, end)]).toString('utf8'));
      entryParts = [];
      begin = end + 1;
    }
    if (begin < chunk.length) entryParts.push(chunk.subarray(begin));
  };
  const args = [folder, '-mindepth', '1', ...tests, '-printf', `${format}\\0`];
  const code = await startProgram({ file: '/usr/bin/find', args, env: { LC_ALL: 'C' }, outputs: { 1: splitChunk } })
    .closed;
  return code === 0;
}
