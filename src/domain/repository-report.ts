/**
 * The repository report: what the orchestrator found in the base commit before any role was paid.
 *
 * The full report is an artifact with wire names; a build and its memo contain its digest and a summary. Stored reports stay for
 * years: members may be added but never renamed.
 */

import type { Downloads } from './fetched';

export interface RepositoryReport {
  version: 1;
  /** The base commit, 40 hex digits. */
  commit: string;
  /** Folder of the project in the repository; '' is the root. */
  workdir: string;
  size: { files: number; bytes: number; largest: Array<{ path: string; bytes: number }> };
  languages: Array<{ language: string; files: number; bytes: number }>;
  package_managers: Array<{ name: string; folder: string; lock: string | null; command: string[] }>;
  install: Installed;
  tests: BaseTests;
  /** Files that tell agents how to work in this repository. */
  agent_files: Array<{ path: string; digest: string; bytes: number }>;
  /** Facts from git and from the files' bytes; null if they were not read. */
  tree: TreeFacts | null;
  /** What could not be measured or was not, one sentence each. */
  not_measured: string[];
  /** Other remarks, such as what was left out, one sentence each. */
  notes: string[];
}

export interface Installed {
  /** Null: nothing had to be installed, or no installation was tried. */
  seconds: number | null;
  /** The commands as a person would type them, one for each step. */
  steps: string[];
  /** What the steps downloaded; for a cached step, what it downloaded originally. Absent: not known. */
  fetched?: Downloads;
}

export interface BaseTests {
  /** `none`: the base has no test that can run. `not_run`: a limit ended the run early. */
  status: 'green' | 'red' | 'none' | 'not_run';
  runner: string | null;
  command: string[] | null;
  /** The files from which the command and its settings come. */
  settings: string[];
  total: number | null;
  passed: number | null;
  failed: number | null;
  skipped: number | null;
  seconds: number | null;
  /** Test files (or tests, if no file is known) that fail without any change. */
  red: string[];
  /** Tests that sometimes pass and sometimes fail without any change. */
  flaky: string[];
  /** If the two lists above are cut: the number of entries in the full first list, and of failing and flaky tests. Absent in older documents. */
  counted?: { red_entries: number; red_tests: number; flaky_tests: number };
}

interface Examples {
  count: number;
  /** The first paths. */
  paths: string[];
}
export interface TreeFacts {
  /** Null for a detached HEAD, or if unknown. */
  branch: string | null;
  /** Number of changed and untracked files of a local work tree, which are not part of the build; null without a work tree. */
  uncommitted: number | null;
  /** True if the imported history is incomplete. */
  shallow: boolean;
  submodules: Array<{ path: string; commit: string; url: string | null }>;
  lfs: Array<{ path: string; bytes: number; present: boolean }>;
  links: { kept: number; refused: Array<{ path: string; target: string }> };
  names_not_utf8: Examples;
  texts_not_utf8: Examples;
  byte_order_marks: Examples;
  /** Numbers of text files by line ending. */
  line_ends: { lf: number; crlf: number; mixed: Examples };
  files_not_read: number;
}

/** The summary, small enough for a build's memo. */
export type SurveySummary = {
  status: BaseTests['status'];
  runner: string | null;
  tests: number | null;
  seconds: number | null;
  red: number;
  flaky: number;
  notes: number;
};

/** The reference to a build's report in its state. */
export interface SurveyRef {
  digest: string;
  bytes: number;
  summary: SurveySummary;
}

export function summaryOf({ tests, notes, not_measured }: RepositoryReport): SurveySummary {
  return {
    status: tests.status,
    runner: tests.runner?.slice(0, 40) ?? null,
    tests: tests.total,
    seconds: tests.seconds,
    red: tests.counted?.red_tests ?? tests.red.length,
    flaky: tests.counted?.flaky_tests ?? tests.flaky.length,
    notes: notes.length + not_measured.length,
  };
}
