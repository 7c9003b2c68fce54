/**
 * pytest: isolated from the environment and the tree's settings, started by a program of ours that also reports.
 */
import { countsOfWords, lastMatch } from '../../inspect/test-output/dialect';
import type { TestRun } from '../../ports/test-runner';
import { gather } from './gather';
import type { KnownRunner } from './runner';
import { filesToRun } from './test-files';
import { runWatched, SENTINEL } from './watched-run';
import type { Bench } from './watched-run';

/** Where tools that were mounted for the run lie; nothing of the tree. */
export const PYTHON_TOOLS = '/tools/python';

export const pytestRunner = {
  name: 'pytest',
  recognises: { program: 'pytest' },
  testFiles: /(^|\/)(test_[^/]+|[^/]+_test)\.py$/,
  settings: [/(^|\/)(conftest\.py|pytest\.ini|tox\.ini|setup\.cfg)$/],
  manifestKeys: [],
  packages: ['pytest'],
  counted: /\.py$/,
  dialect: {
    /** `==== 1 failed, 2 passed in 0.05s ====`, with `-q` without the bars */
    counts(text) {
      const line = lastMatch(text, /^(?:=+ )?(?:\d+ \w+,? )+in [\d.]+s(?: \([\d:]+\))?(?: =+)?$/gm);
      if (line !== undefined) return countsOfWords(line);
      const isEmpty = /^(?:=+ )?no tests ran in [\d.]+s/m.test(text);
      return isEmpty ? { total: 0, passed: 0, failed: 0, skipped: 0 } : null;
    },
    failing: [/^(?:FAILED|ERROR) (\S+?::.+?)(?: - .*)?$/gm],
  },
  run,
} as const satisfies KnownRunner;

async function run(bench: Bench): Promise<TestRun> {
  const files = await filesToRun(bench.input, pytestRunner.testFiles);
  // -I: no variables, no user site, no folder of the tree on the path while the sentinel and pytest are loaded.
  const command = ['python3', '-I', `${SENTINEL}/pytest_start.py`, PYTHON_TOOLS, ...files];
  return gather(bench, files.length === 0 ? [] : [await runWatched(bench, command)]);
}
