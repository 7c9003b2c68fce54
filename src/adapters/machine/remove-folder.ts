/**
 * Removes a folder that a command has worked in. Links are removed themselves, never followed.
 */
import { rm } from 'node:fs/promises';
import { runProgram } from './processes/run-program';

export async function removeFolder(folder: string): Promise<void> {
  try {
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  } catch {
    // A command may have taken away its own right to enter a folder; it is still ours.
    await runProgram('/bin/chmod', ['-R', 'u+rwX', '--', folder]);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
