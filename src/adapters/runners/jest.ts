/**
 * jest: one process for all files, with a configuration and a reporter of ours.
 */
import { countsOfWords, lastMatch } from '../../inspect/test-output/dialect';
import type { TestRun } from '../../ports/test-runner';
import { gather } from './gather';
import { SCRIPTS } from './runner';
import type { KnownRunner } from './runner';
import { filesToRun } from './test-files';
import { runWatched, SENTINEL } from './watched-run';
import type { Bench } from './watched-run';

export const jestRunner = {
  name: 'jest',
  recognises: { program: 'jest' },
  testFiles: /(^|\/)__tests__\/.+\.[cm]?[jt]sx?$|(^|[./])(spec|test)\.[cm]?[jt]sx?$/,
  settings: [/(^|\/)jest[^/]*\.config\.[^/]+$/, /(^|\/)jest[._-]?(setup|global|env)[^/]*$/i],
  manifestKeys: ['jest'],
  packages: [],
  counted: SCRIPTS,
  dialect: {
    /** `Tests:       1 failed, 1 skipped, 2 passed, 4 total` */
    counts(text) {
      const line = lastMatch(text, /^Tests: .*\d+ total$/gm);
      return line === undefined ? null : countsOfWords(line);
    },
    failing: [/^ +● (?!Console\b)(.+ › .+|[^›]+)$/gmu],
  },
  run,
} as const satisfies KnownRunner;

async function run(bench: Bench): Promise<TestRun> {
  const { coverage } = bench.input;
  const files = await filesToRun(bench.input, jestRunner.testFiles);
  const command = [
    ...['node', '--require', `${SENTINEL}/jest.cjs`, 'node_modules/jest/bin/jest.js'],
    ...['--config', `${SENTINEL}/jest.config.cjs`, '--runInBand', '--ci', '--no-cache', '--no-watchman'],
    ...(coverage ? ['--coverage'] : []),
    ...['--runTestsByPath', ...files],
  ];
  return gather(bench, files.length === 0 ? [] : [await runWatched(bench, command)]);
}
