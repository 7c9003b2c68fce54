/**
 * Turns disk errors into failures that say what to do.
 *
 * The failure contains the system's error code but neither its text nor a path: failures are visible in history.
 */
import { Failure } from './failures';

const FULL_CODES = new Set(['ENOSPC', 'EDQUOT']);
const REFUSED_CODES = new Set(['EROFS', 'EACCES', 'EPERM', 'EIO']);
/** Messages of git and cp about the same errors. Not "Permission denied", since remote servers also say that. */
const FULL_MESSAGE = /No space left on device|Disk quota exceeded/;
const REFUSED_MESSAGE = /Read-only file system/;

/** Returns undefined for other errors. */
export function storageFailureOf(error: unknown): Failure | undefined {
  const { code, syscall, path, stderr } = (error ?? {}) as Record<string, unknown>;
  const stderrText = typeof stderr === 'string' ? stderr : '';
  if (FULL_CODES.has(String(code)) || FULL_MESSAGE.test(stderrText)) {
    return new Failure('Storage.Full', 'the disk that DATA_DIR or the temporary folder is on is full; make room on it');
  }
  // Errors from starting a program or opening a port have the same codes.
  const isFileError = typeof path === 'string' && !String(syscall).startsWith('spawn');
  if ((isFileError && REFUSED_CODES.has(String(code))) || REFUSED_MESSAGE.test(stderrText)) {
    const why = isFileError ? String(code) : 'EROFS';
    const what = `a file below DATA_DIR cannot be read or written (${why})`;
    return new Failure('Storage.Refused', `${what}; give it to the user of this process, on a disk that is writable`);
  }
  return undefined;
}
