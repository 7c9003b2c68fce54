/**
 * vitest: a configuration and a reporter of ours; its workers are its own.
 */
import { countsOfWords, CROSSED, lastMatch } from '../../inspect/test-output/dialect';
import type { TestRun } from '../../ports/test-runner';
import { gather } from './gather';
import { SCRIPTS } from './runner';
import type { KnownRunner } from './runner';
import { filesToRun } from './test-files';
import { runWatched, SENTINEL } from './watched-run';
import type { Bench } from './watched-run';

export const vitestRunner = {
  name: 'vitest',
  recognises: { program: 'vitest' },
  testFiles: /\.(spec|test)\.[cm]?[jt]sx?$/,
  settings: [/(^|\/)(vitest|vite)[^/]*\.config\.[^/]+$/, /(^|\/)vitest[._-]?(setup|global|env)[^/]*$/i],
  manifestKeys: ['vitest'],
  packages: [],
  counted: SCRIPTS,
  dialect: {
    /** `      Tests  1 failed | 2 passed (3)` */
    counts(text) {
      const line = lastMatch(text, /^ *Tests {2,}.*\(\d+\)$/gm);
      return line === undefined ? null : countsOfWords(line);
    },
    failing: [CROSSED],
  },
  run,
} as const satisfies KnownRunner;

async function run(bench: Bench): Promise<TestRun> {
  const files = await filesToRun(bench.input, vitestRunner.testFiles);
  const command = ['node', `${SENTINEL}/vitest.mjs`, ...files];
  return gather(bench, files.length === 0 ? [] : [await runWatched(bench, command)]);
}
