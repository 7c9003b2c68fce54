/**
 * What a run of a project's tests is asked, and what it answers; `src/adapters/runners` has the real ones.
 */
import type { TestCounts } from '../domain/evidence/evidence';
import type { Fetched } from '../domain/fetched';
import type { TestConventions } from '../domain/files';
import type { PreparedCheckout } from './checkouts';

/** Runs a project's tests by its own command and settings, with reporters beside those of the project. */
export interface TestRunners extends TestConventions {
  /** How the tests of a tree are run; `command` is a person's own wish. Undefined where no way is known. */
  choose(tree: TreeReader, command?: string[], workdir?: string): Promise<TestChoice | undefined>;
  run(input: TestRunInput): Promise<TestRun>;
  /**
   * The words that run only these files, by the project's settings; `runner` is as a run named it. Undefined where the runner cannot
   * be given files, or one of them lies outside of `workdir`.
   */
  byFiles(runner: string, files: string[], workdir: string): string[] | undefined;
  /** Python modules that tests may import though no manifest declares them. */
  packages: readonly string[];
}
export interface TreeReader {
  /** All paths of the tree. */
  files: string[];
  /** Undefined for a file that is not there. */
  read(path: string): Promise<string | undefined>;
}
export interface TestChoice {
  /** A name that `choose` gave. */
  runner: string;
  /** What a person would type. */
  command: string[];
}
export interface LaidFile {
  path: string;
  text: string;
}
export interface TestRunInput {
  /** A clean one, used for this run only. */
  checkout: PreparedCheckout;
  choice: TestChoice;
  /** Results of these test files only, where the run names files. */
  only?: string[] | undefined;
  /** Test files laid over the checkout, read-only. */
  locked?: LaidFile[] | undefined;
  /** Settings of the base commit, laid over the checkout, read-only. */
  laid?: LaidFile[] | undefined;
  coverage: boolean;
  /** Writes lcov; run after the tests where these were not counted line by line. */
  coverageCommand?: string[] | undefined;
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}
export interface TestRun {
  /** Names of the runners that reported, joined by `+`; `command` where none is known. */
  runner: string;
  command: string[];
  exitCode: number | null;
  timedOut: boolean;
  /** Named tests. Fewer than `counts.total` where a runner only counts. */
  tests: TestCase[];
  /** Of all reports and summaries; null where there was none that can be read. */
  counts: TestCounts | null;
  /** At most 20 names, each at most 200 characters. */
  failing: string[];
  /** What failing tests said, at most 20 of them; each text says where it was cut. */
  failures: TestFailure[];
  /** How often each line of code ran, by file and line from 1; null where it was not measured. */
  coverage: Record<string, Record<number, number>> | null;
  /** Whether the reporters' own record is whole; null where none of them spoke. */
  sentinel: { kept: boolean; reason: string } | null;
  /** Sources that were in the tree before the run and that it wrote, also where it put them back. Absent: not known. */
  rewritten?: string[];
  output: string;
  durationMs: number;
  /** What set-up of its checkout fetched. Absent: not known. */
  fetched?: Fetched | undefined;
}
export interface TestFailure {
  file: string;
  name: string;
  /** The assertion's words, at most 2,000 characters. */
  message: string;
  /** Expected and received, where the runner tells them, at most 2,000 characters. */
  diff?: string;
  /** The first lines of the stack, at most 1,000 characters. */
  stack?: string;
}
export interface TestCase {
  /** Relative to the tree's root; empty where the run does not name it. */
  file: string;
  name: string;
  status: 'passed' | 'failed' | 'skipped' | 'todo';
  /** What a failing test said. */
  message?: string;
  /** Expected and received. */
  diff?: string;
  /** Counts from 1. */
  line?: number;
}
