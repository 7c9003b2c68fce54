/**
 * Walks over a folder by `find`, outside of this process: a tree may have hundreds of thousands of files, and neither as many calls at
 * once nor one list of them all may hold up the JavaScript thread.
 */
import { startProgram } from './processes/start';

export interface Walk {
  /** Tests and actions of `find` before the print, such as `-type d -name x -prune -o`. */
  tests?: string[];
  /** A format of `-printf` for one entry, without its end. */
  format: string;
}

/** Gives each entry below the folder, as its format has it, to `see`; nothing where there is no such folder. False where it could not see all. */
export async function findEntries(
  folder: string,
  { tests = [], format }: Walk,
  see: (entry: string) => void,
): Promise<boolean> {
  let rest: Buffer[] = [];
  const take = (chunk: Buffer): void => {
    let begin = 0;
    for (let end = chunk.indexOf(0); end !== -1; end = chunk.indexOf(0, begin)) {
      // Joined before it is read: a name may be cut in the middle of a character.
      see(Buffer.concat([...rest, chunk.subarray(begin, end)]).toString('utf8'));
      rest = [];
      begin = end + 1;
    }
    if (begin < chunk.length) rest.push(chunk.subarray(begin));
  };
  const args = [folder, '-mindepth', '1', ...tests, '-printf', `${format}\\0`];
  const code = await startProgram({ file: '/usr/bin/find', args, env: { LC_ALL: 'C' }, outputs: { 1: take } }).closed;
  return code === 0;
}
