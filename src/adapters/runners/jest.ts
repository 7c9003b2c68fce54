/**
 * jest: one process for all files, with a configuration and a reporter of ours.
 */
import type { TestRun } from '../../ports/test-runner';
import { gather } from './gather';
import { findTestFiles } from './test-files';
import { runWatched, SENTINEL } from './watched-run';
import type { Bench } from './watched-run';

export async function runJest(bench: Bench): Promise<TestRun> {
  const { folder, only, locked = [], coverage } = bench.input;
  const found = only ?? (await findTestFiles(folder, 'jest', []));
  const files = [...new Set([...found, ...locked.map(({ path }) => path)])];
  const command = [
    ...['node', '--require', `${SENTINEL}/jest.cjs`, 'node_modules/jest/bin/jest.js'],
    ...['--config', `${SENTINEL}/jest.config.cjs`, '--runInBand', '--ci', '--no-cache', '--no-watchman'],
    ...(coverage ? ['--coverage'] : []),
    ...['--runTestsByPath', ...files],
  ];
  return gather(bench, files.length === 0 ? [] : [await runWatched(bench, command)]);
}
