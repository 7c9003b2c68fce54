/**
 * Runs a program of the system to its end, without its output.
 */
import { startProgram } from './start';

/** Throws where it does not end with 0. */
export async function runProgram(file: string, args: string[]): Promise<void> {
  const code = await startProgram({ file, args, env: {}, outputs: {} }).closed;
  if (code !== 0) throw new Error(`${file} ended with ${code} on ${args.at(-1)}.`);
}
