/**
 * Which runner a test command means: read from its words, or from the script that `npm test` stands for. Pure.
 *
 * A script is read, never run: what it would do beside calling the runner is not done.
 */
import type { RunnerName, TestChoice, TreeReader } from '../../ports/test-runner';
import { findCommands } from './find-commands';

export async function chooseRunner(tree: TreeReader, wish?: string[]): Promise<TestChoice | undefined> {
  const found = wish ?? (await findCommands(tree.read, tree.files)).test;
  if (found === undefined) return undefined;
  const words = (await scriptWords(tree, found)) ?? found;
  const runner = runnerOf(words);
  return { runner, command: runner === 'generic' ? found : words };
}

function runnerOf(words: string[]): RunnerName {
  const isWord = (name: string): boolean => words.some((word) => word === name || word.endsWith(`/.bin/${name}`));
  if (isWord('jest')) return 'jest';
  if (isWord('vitest')) return 'vitest';
  if (isWord('mocha')) return 'mocha';
  if (isWord('pytest')) return 'pytest';
  return isWord('node') && words.includes('--test') ? 'node-test' : 'generic';
}

/** The words of the one command of a script that is a runner we know. */
async function scriptWords(tree: TreeReader, command: string[]): Promise<string[] | undefined> {
  const parts = await partsOf(tree, command);
  return parts.find((words) => runnerOf(words) !== 'generic');
}

/** The commands of the script that a command stands for, each in words; none where it stands for itself. */
export async function partsOf({ read }: TreeReader, command: string[]): Promise<string[][]> {
  const name = scriptName(command);
  if (name === undefined) return [];
  const script = parseScripts(await read('package.json'))[name];
  if (typeof script !== 'string') return [];
  return script.split(/&&|\|\||;/).map((part) => part.trim().split(/\s+/).map(unquote));
}

function scriptName([program, ...rest]: string[]): string | undefined {
  if (!['npm', 'pnpm', 'yarn', 'bun'].includes(program ?? '')) return undefined;
  const words = rest.filter((word) => !word.startsWith('-') && word !== 'run');
  return words[0] === 't' ? 'test' : words[0];
}

function parseScripts(text: string | undefined): Record<string, unknown> {
  try {
    return (JSON.parse(text ?? '{}') as { scripts?: Record<string, unknown> } | null)?.scripts ?? {};
  } catch {
    return {};
  }
}

function unquote(word: string): string {
  return word.replace(/^(['"])(.*)\1$/, '$2');
}
