/**
 * Runs a program of the system, waits for its end and ignores its output.
 */
import { startProgram } from './start';

/** Throws if the exit code is not 0. */
export async function runProgram(file: string, args: string[]): Promise<void> {
  const code = await startProgram({ file, args, env: {}, outputs: {} }).closed;
  if (code !== 0) throw new Error(`${file} ended with ${code} on ${args.at(-1)}.`);
}
