/**
 * vitest: a configuration and a reporter of ours; its workers are its own.
 */
import type { TestRun } from '../../ports/test-runner';
import { gather } from './gather';
import { findTestFiles } from './test-files';
import { runWatched, SENTINEL } from './watched-run';
import type { Bench } from './watched-run';

export async function runVitest(bench: Bench): Promise<TestRun> {
  const { folder, only, locked = [] } = bench.input;
  const found = only ?? (await findTestFiles(folder, 'vitest', []));
  const files = [...new Set([...found, ...locked.map(({ path }) => path)])];
  const command = ['node', `${SENTINEL}/vitest.mjs`, ...files];
  return gather(bench, files.length === 0 ? [] : [await runWatched(bench, command)]);
}
