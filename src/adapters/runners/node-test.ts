/**
 * node:test: each test file in a process and a sandbox of its own, so that the parent they would meet in is us.
 */
import { availableParallelism } from 'node:os';
import { CROSSED, lastMatch } from '../../inspect/test-output/dialect';
import { NOT_OK } from '../../inspect/test-output/tap';
import type { TestRun } from '../../ports/test-runner';
import { gather } from './gather';
import type { Part } from './gather';
import { SCRIPTS } from './runner';
import type { KnownRunner } from './runner';
import { filesToRun } from './test-files';
import { runWatched, SENTINEL } from './watched-run';
import type { Bench } from './watched-run';

const WITH_VALUE = ['--import', '--require', '-r', '--loader', '--experimental-loader', '--conditions', '-C'];

export const nodeTestRunner = {
  name: 'node-test',
  recognises: { program: 'node', word: '--test' },
  testFiles: /(^|\/)(test|[^/]+[._-]test|test-[^/]+)\.[cm]?js$|(^|\/)test\/.+\.[cm]?js$/,
  settings: [],
  manifestKeys: [],
  packages: [],
  counted: SCRIPTS,
  dialect: {
    /** `# tests 3` in the TAP reporter, `ℹ tests 3` in the spec reporter. */
    counts(text) {
      const summary = lastMatch(text, /^[#ℹ] tests \d+\n(?:[#ℹ] \w+ [\d.]+\n?)+/gmu);
      if (summary === undefined) return null;
      const of = (name: string): number => Number(new RegExp(`^[#ℹ] ${name} (\\d+)$`, 'mu').exec(summary)?.[1] ?? 0);
      return {
        total: of('tests'),
        passed: of('pass'),
        failed: of('fail') + of('cancelled'),
        skipped: of('skipped') + of('todo'),
      };
    },
    failing: [NOT_OK, CROSSED],
  },
  run,
} as const satisfies KnownRunner;

async function run(bench: Bench): Promise<TestRun> {
  const { flags, selectors } = readWords(bench.input.choice.command);
  const files = await filesToRun(bench.input, nodeTestRunner.testFiles, selectors);
  const sentinel = `${SENTINEL}/node-test.mjs`;
  const runFile = async (file: string, isGiven: boolean): Promise<Part> => {
    // No flag may follow that the file's name could be taken for; what the project's own flags load comes after ours.
    const command = ['node', '--import', sentinel, `--test-reporter=${sentinel}`, ...flags, `./${file}`];
    return { file, ...(await runWatched(bench, command, { isGiven })) };
  };
  const [first, ...rest] = files;
  const parts = first === undefined ? [] : [await runFile(first, false)];
  // The folder belongs to the sandbox's user after the first; the others may then run beside each other.
  const lanes = Array.from({ length: availableParallelism() }, async () => {
    for (let file = rest.shift(); file !== undefined; file = rest.shift()) parts.push(await runFile(file, true));
  });
  await Promise.all(lanes);
  return gather(
    bench,
    parts.sort((a, b) => (a.file ?? '').localeCompare(b.file ?? '')),
  );
}

/** Flags that the code needs to be loaded, and what selects the files. What the test runner itself is told is left out. */
export function readWords(command: string[]): { flags: string[]; selectors: string[] } {
  const flags: string[] = [];
  const selectors: string[] = [];
  const words = command.slice(command.indexOf('node') + 1);
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (WITH_VALUE.includes(word)) flags.push(word, words.shift() ?? '');
    else if (!word.startsWith('-')) selectors.push(word);
    else if (!/^--(experimental-)?test\b/.test(word)) flags.push(word);
  }
  return { flags, selectors };
}
