/**
 * The repository report: what the orchestrator found in the base commit of a build before a role was paid.
 *
 * The whole is an artifact, in wire names; a build and its memo carry the digest and a summary. Documents stay for years:
 * members may be added, none is renamed.
 */

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
}

export interface TreeFacts {
  branch: string | null;
  /** True where the history that was taken in is not whole. */
  is_shallow: boolean;
  submodules: string[];
  /** Files of git LFS; `is_present` where their content stands in the build, and not only the pointer. */
  lfs: Array<{ path: string; bytes: number; is_present: boolean }>;
  /** Names and texts that are not UTF-8, and texts with a byte order mark: how many, and the first of them. */
  odd_names: { count: number; paths: string[] };
  odd_texts: { count: number; paths: string[] };
  marked: { count: number; paths: string[] };
  line_ends: { lf: number; crlf: number; mixed: number };
  links: { kept: number; refused: Array<{ path: string; target: string }> };
  /** Of a local repository: changed and untracked files, which are not part of the build; null where they were not counted. */
  uncommitted: number | null;
  /** Files whose content was not looked at. */
  unread: number;
}

/** What a build's memo has room for. */
export interface SurveySummary {
  status: BaseTests['status'];
  runner: string | null;
  tests: number | null;
  seconds: number | null;
  red: number;
  flaky: number;
  notes: number;
}

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
    red: tests.red.length,
    flaky: tests.flaky.length,
    notes: notes.length + not_measured.length,
  };
}
