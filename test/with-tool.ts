/**
 * Tests that need a program of the machine: skipped where it is missing, but not in CI (the variable CI is set), where such a test fails.
 * The program may lie outside /usr, where a worker finds it, too: a test of such a program runs in `workerSandbox`.
 */
import { homedir } from 'node:os';
import { createBubblewrap } from '../src/adapters/sandbox/bubblewrap';
import type { Sandbox } from '../src/ports/sandbox';
import { missingTool } from '../works-with/tools';

export function withTool(name: string): jest.It {
  return process.env.CI || missingTool({ tools: [name] }) === null ? test : test.skip;
}

/** The sandbox of a worker that runs in this process's environment: its PATH, and the folders that the programs there need. */
export function workerSandbox(): Sandbox {
  return createBubblewrap({ worker: { env: process.env as Record<string, string>, home: homedir() } });
}
