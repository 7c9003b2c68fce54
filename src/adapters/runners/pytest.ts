/**
 * pytest: isolated from the environment and the tree's settings, started by a program of ours that also reports.
 */
import type { TestRun } from '../../ports/test-runner';
import { gather } from './gather';
import { findTestFiles } from './test-files';
import { runWatched, SENTINEL } from './watched-run';
import type { Bench } from './watched-run';

/** Where tools that were mounted for the run lie; nothing of the tree. */
export const PYTHON_TOOLS = '/tools/python';

export async function runPytest(bench: Bench): Promise<TestRun> {
  const { folder, only, locked = [] } = bench.input;
  const found = only ?? (await findTestFiles(folder, 'pytest', []));
  const files = [...new Set([...found, ...locked.map(({ path }) => path)])];
  const start = `import sys; sys.path.append(${JSON.stringify(PYTHON_TOOLS)}); sys.path.insert(0, ${JSON.stringify(SENTINEL)})`;
  const program = `${start}; sys.dont_write_bytecode = True; import os, pytest_sentinel; sys.path.pop(0); os._exit(pytest_sentinel.main(sys.argv[1:]))`;
  // -I: no variables, no user site, no folder of the tree on the path while the sentinel and pytest are loaded.
  const command = ['python3', '-I', '-c', program, ...files];
  return gather(bench, files.length === 0 ? [] : [await runWatched(bench, command)]);
}
