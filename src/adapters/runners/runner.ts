/**
 * What is said of one test runner: what configures it, and how it prints results. A reporter of its own, if it has one, is a
 * file in `reporters/`.
 *
 * One file a runner holds its record; `all-runners.ts` lists them, and everything else about runners follows from that list.
 */
import type { Dialect } from '../../inspect/test-output/dialect';

export interface Runner {
  /** As reporters call themselves and as evidence records it. */
  name: string;
  /** Files that configure it: a coder's change to one is shown to a person. */
  settings?: readonly RegExp[];
  /** Keys of package.json that configure it. */
  manifestKeys?: readonly string[];
  /** Python modules that tests may import though no manifest declares them. */
  packages?: readonly string[];
  /** Files whose lines its reporter, or a tool of the project, counts. */
  counted?: RegExp;
  /** Runs single files by the project's settings: they are added to these words. */
  byFile?: readonly string[];
  /** What it prints; none where it prints as another one does. */
  dialect?: Dialect;
}

/** Files of JavaScript, whose lines V8 counts. */
export const SCRIPTS = /\.[cm]?jsx?$/;
