/**
 * Measures the disk space of folders by `du`, in a process of its own: a walk over many files would block the JavaScript thread.
 */
import { startProgram } from './processes/start';

/** Returns the bytes on disk of all paths together. Missing paths count as 0, a file with several hard links counts once. */
export async function diskUse(paths: readonly string[]): Promise<number> {
  if (paths.length === 0) return 0;
  let output = '';
  const append = (chunk: Buffer) => void (output += chunk.toString('utf8'));
  // The exit code is ignored: `du` ends with 1 if a file is removed during the walk, and its total is still of use.
  await startProgram({ file: '/usr/bin/du', args: ['-skc', '--', ...paths], env: {}, outputs: { 1: append } }).closed;
  return Number(/^(\d+)\ttotal$/m.exec(output)?.[1] ?? 0) * 1024;
}
