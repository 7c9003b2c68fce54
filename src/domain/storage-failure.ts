/**
 * Errors of the disk as failures that say what to do. The code is the system's, the words are written here.
 *
 * Neither the system's text nor a path is taken over: where our files lie on this machine is nobody's business.
 */
import { Failure } from './failures';

const FULL = new Set(['ENOSPC', 'EDQUOT']);
const REFUSED = new Set(['EROFS', 'EACCES', 'EPERM', 'EIO']);
/** What a program of ours (git, cp) says of the same. Not "Permission denied": a server elsewhere says that too. */
const SAID_FULL = /No space left on device|Disk quota exceeded/;
const SAID_REFUSED = /Read-only file system/;

/** Undefined for every other error. */
export function storageFailureOf(error: unknown): Failure | undefined {
  const { code, syscall, path, stderr } = (error ?? {}) as Record<string, unknown>;
  const said = typeof stderr === 'string' ? stderr : '';
  if (FULL.has(String(code)) || SAID_FULL.test(said)) {
    return new Failure('Storage.Full', 'the disk that DATA_DIR or the temporary folder is on is full; make room on it');
  }
  // Starting a program and opening a port fail with the same codes.
  const isOfFile = typeof path === 'string' && !String(syscall).startsWith('spawn');
  if ((isOfFile && REFUSED.has(String(code))) || SAID_REFUSED.test(said)) {
    const why = isOfFile ? String(code) : 'EROFS';
    const what = `a file below DATA_DIR cannot be read or written (${why})`;
    return new Failure('Storage.Refused', `${what}; give it to the user of this process, on a disk that is writable`);
  }
  return undefined;
}
