/**
 * A child process without a sandbox, with which sandboxes and gates are compared.
 */
import { spawn } from 'node:child_process';

/** Milliseconds from the start of the program to its end. */
export async function timeChild(program: string, args: string[] = []): Promise<number> {
  const startedAt = performance.now();
  await new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: {}, stdio: ['ignore', 'pipe', 'pipe'] });
    child.once('error', reject);
    child.once('close', resolve);
  });
  return performance.now() - startedAt;
}
