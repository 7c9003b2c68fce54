/**
 * mocha: one process for all files, without the tree's configuration, with a reporter of ours.
 */
import { countsOfWords, lastMatch } from '../../inspect/test-output/dialect';
import type { TestRun } from '../../ports/test-runner';
import { gather } from './gather';
import { SCRIPTS } from './runner';
import type { KnownRunner } from './runner';
import { filesToRun } from './test-files';
import { runWatched, SENTINEL } from './watched-run';
import type { Bench } from './watched-run';

const WITH_VALUE = ['--require', '-r', '--import', '--ui', '-u', '--timeout', '-t', '--reporter', '-R'];

export const mochaRunner = {
  name: 'mocha',
  recognises: { program: 'mocha' },
  testFiles: /^test\/[^/]+\.[cm]?js$|\.(spec|test)\.[cm]?[jt]s$/,
  settings: [/(^|\/)(mocha[^/]*\.config\.[^/]+|\.mocharc[^/]*)$/, /(^|\/)mocha[._-]?(setup|global|env)[^/]*$/i],
  manifestKeys: ['mocha'],
  packages: [],
  counted: SCRIPTS,
  dialect: {
    /** `  2 passing (5ms)`, `  1 pending`, `  1 failing`, each on its line */
    counts(text) {
      const block = lastMatch(text, /^ *\d+ passing \(\S+\)$(?:\n^ *\d+ (?:pending|failing)$)*/gm);
      return block === undefined ? null : countsOfWords(block);
    },
    // `  1) suite` and the test's name, indented, ending in a colon
    failing: [/^ +\d+\) (.+\n +.+:)$/gm],
  },
  run,
} as const satisfies KnownRunner;

async function run(bench: Bench): Promise<TestRun> {
  const { kept, selectors } = readWords(bench.input.choice.command);
  const files = await filesToRun(bench.input, mochaRunner.testFiles, selectors);
  const command = [
    ...['node', '--require', `${SENTINEL}/mocha.cjs`, 'node_modules/mocha/lib/cli/cli.js'],
    ...['--no-config', '--no-package', '--reporter', `${SENTINEL}/mocha.cjs`, ...kept, ...files],
  ];
  return gather(bench, files.length === 0 ? [] : [await runWatched(bench, command)]);
}

/** Of the command's own words what loads the code and names the style; nothing that chooses or forgives. */
function readWords(command: string[]): { kept: string[]; selectors: string[] } {
  const kept: string[] = [];
  const selectors: string[] = [];
  const words = command.slice(command.findIndex((word) => /(^|\/)mocha$/.test(word)) + 1);
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    const value = WITH_VALUE.includes(word) ? words.shift() : undefined;
    if (value !== undefined && !/^(-R|--reporter)$/.test(word)) kept.push(word, value);
    else if (!word.startsWith('-')) selectors.push(word);
  }
  return { kept, selectors };
}
