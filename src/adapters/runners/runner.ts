/**
 * What is said of one test runner: how it is known, what configures it, how it runs.
 *
 * One file a runner holds its record; `all-runners.ts` lists them, and everything else about runners follows from that list.
 */
import type { Recognition } from '../../inspect/commands/choose-runner';
import type { Dialect } from '../../inspect/test-output/dialect';
import type { TestRun } from '../../ports/test-runner';
import type { Bench } from './watched-run';

export interface Runner {
  name: string;
  /** Files that configure it: a coder's change to one is shown to a person. */
  settings: readonly RegExp[];
  /** Keys of package.json that configure it. */
  manifestKeys: readonly string[];
  /** Python modules that tests may import though no manifest declares them: the runner is called from outside the tree. */
  packages: readonly string[];
  /** Files whose lines it counts; null where it counts none. */
  counted: RegExp | null;
  run(bench: Bench): Promise<TestRun>;
}

/** A runner that is known by its command, finds its tests by their names, and reports under watch. */
export interface KnownRunner extends Runner {
  recognises: Recognition;
  /** Test files where the command names none. */
  testFiles: RegExp;
  /** What it prints when it is part of another command; null where another dialect is the same. */
  dialect: Dialect | null;
}

/** Files of JavaScript, whose lines V8 and Istanbul count. */
export const SCRIPTS = /\.[cm]?jsx?$/;
