/**
 * Which runner a test command means: read from its words, or from the script that it stands for. Pure.
 */
import type { TestChoice, TreeReader } from '../../ports/test-runner';
import { findTestCommand } from './find-commands';
import { partsOf } from './scripts';

/** A runner is known by its program; where the program does other things too, by a word that follows. */
export interface Recognition {
  program: string;
  word?: string;
}
interface Choosable {
  runners: ReadonlyArray<{ name: string; recognises: Recognition }>;
  /** The runner of every other command. */
  otherwise: string;
}

/** Undefined where there is no wish and the tree says nothing. */
export async function chooseRunner(
  { runners, otherwise }: Choosable,
  tree: TreeReader,
  wish?: string[],
): Promise<TestChoice | undefined> {
  const found = wish ?? (await findTestCommand(tree));
  if (found === undefined) return undefined;
  for (const words of [...(await partsOf(tree, found)), found]) {
    const runner = runnerOf(words, runners);
    if (runner !== undefined) return { runner, command: words };
  }
  return { runner: otherwise, command: found };
}

/** A program of its own says more than a word that follows a shared one, so it is looked for first. */
function runnerOf(words: string[], runners: Choosable['runners']): string | undefined {
  const isCalled = (program: string) => words.some((word) => word === program || word.endsWith(`/.bin/${program}`));
  const called = runners.filter(({ recognises }) => isCalled(recognises.program));
  const byProgram = called.find(({ recognises }) => recognises.word === undefined);
  const byWord = called.find(({ recognises: { word } }) => word !== undefined && words.includes(word));
  return (byProgram ?? byWord)?.name;
}
