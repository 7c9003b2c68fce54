/**
 * The repository report: what the orchestrator found in the base commit of a build before a role was paid.
 *
 * The whole is an artifact, in wire names; a build and its memo carry the digest and a summary. Documents stay for years:
 * members may be added, none is renamed.
 */

import type { Fetched } from './fetched';

export interface RepositoryReport {
  version: 1;
  /** Of the base, 40 hex digits. */
  commit: string;
  /** Folder of the project in the repository; '' is the root. */
  workdir: string;
  size: { files: number; bytes: number; largest: Array<{ path: string; bytes: number }> };
  languages: Array<{ language: string; files: number; bytes: number }>;
  package_managers: Array<{ name: string; folder: string; lock: string | null; command: string[] }>;
  install: Installed;
  tests: BaseTests;
  /** Files that tell agents how to work here. */
  agent_files: Array<{ path: string; digest: string; bytes: number }>;
  /** What git and the files' bytes say; null where it was not looked at. */
  tree: TreeFacts | null;
  /** What cannot be measured, or was not, one sentence each. */
  not_measured: string[];
  /** What is left out or is to be known, one sentence each. */
  notes: string[];
}

export interface Installed {
  /** Null: nothing had to be installed, or it was not tried. */
  seconds: number | null;
  /** What a person would type, one entry a step. */
  steps: string[];
  /** From where; of a step whose result was kept from earlier, what it fetched then. Absent: not known. */
  fetched?: Fetched;
}

export interface BaseTests {
  /** `none`: the base has no test that can be run. `not_run`: a limit ended the run first. */
  status: 'green' | 'red' | 'none' | 'not_run';
  runner: string | null;
  command: string[] | null;
  /** Where the command and its settings come from. */
  settings: string[];
  total: number | null;
  passed: number | null;
  failed: number | null;
  skipped: number | null;
  seconds: number | null;
  /** Files, or tests where no file is known, that are red without any change. */
  red: string[];
  /** Tests that pass and fail without any change. */
  flaky: string[];
  /** The two lists above are cut: how many entries the first would have, and how many tests are red and flaky. Absent in older documents. */
  counted?: { red_entries: number; red_tests: number; flaky_tests: number };
}

interface Examples {
  count: number;
  /** The first of them. */
  paths: string[];
}
export interface TreeFacts {
  /** Null for a detached HEAD, and where it is not known. */
  branch: string | null;
  /** Changed and untracked files of a local work tree, which are not part of the build; null where there is none. */
  uncommitted: number | null;
  /** True where the history that was taken in is not whole. */
  shallow: boolean;
  submodules: Array<{ path: string; commit: string; url: string | null }>;
  lfs: Array<{ path: string; bytes: number; present: boolean }>;
  links: { kept: number; refused: Array<{ path: string; target: string }> };
  names_not_utf8: Examples;
  texts_not_utf8: Examples;
  byte_order_marks: Examples;
  /** Texts by the end of their lines. */
  line_ends: { lf: number; crlf: number; mixed: Examples };
  files_not_read: number;
}

/** What a build's memo has room for. */
export type SurveySummary = {
  status: BaseTests['status'];
  runner: string | null;
  tests: number | null;
  seconds: number | null;
  red: number;
  flaky: number;
  notes: number;
};

/** The report of a build as its state carries it. */
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
