/**
 * Describes one test runner: the files that configure it, and how to read its output. Its reporter, if it has one, is a file in
 * `reporters/`.
 *
 * Each runner has one file with its description; `all-runners.ts` lists them, and all code about runners uses that list.
 */
import type { Dialect } from '../../inspect/test-output/dialect';

export interface Runner {
  /** The name that its reporter writes into records, and that evidence stores. */
  name: string;
  /** Files that configure it: if the Code Writer changes one, a person must approve. */
  settings?: readonly RegExp[];
  /** Keys of package.json that configure it. */
  manifestKeys?: readonly string[];
  /** Python modules that tests may import though no manifest declares them. */
  packages?: readonly string[];
  /** Files for which its reporter or a tool of the project measures coverage. */
  measuredFiles?: RegExp;
  /** The command that runs single files by the project's settings; the files are added to it. */
  byFile?: readonly string[];
  /** Reads its output; missing if it prints in the format of another runner. */
  dialect?: Dialect;
}

/** JavaScript files, whose coverage V8 measures. */
export const SCRIPTS = /\.[cm]?jsx?$/;
