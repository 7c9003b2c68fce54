/**
 * mocha: one process for all files, without the tree's configuration, with a reporter of ours.
 */
import type { TestRun } from '../../ports/test-runner';
import { gather } from './gather';
import { findTestFiles } from './test-files';
import { runWatched, SENTINEL } from './watched-run';
import type { Bench } from './watched-run';

const WITH_VALUE = ['--require', '-r', '--import', '--ui', '-u', '--timeout', '-t', '--reporter', '-R'];

export async function runMocha(bench: Bench): Promise<TestRun> {
  const { folder, only, locked = [], choice } = bench.input;
  const { kept, selectors } = readWords(choice.command);
  const found = only ?? (await findTestFiles(folder, 'mocha', selectors));
  const files = [...new Set([...found, ...locked.map(({ path }) => path)])];
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
