/**
 * The interface of test runners: the input and the result of a test run. Types only; `src/adapters/runners` has the implementations.
 */
import type { TestCounts } from '../domain/evidence/evidence';
import type { Downloads } from '../domain/fetched';
import type { TestConventions } from '../domain/files';
import type { PreparedCheckout } from './checkouts';

/** Runs a project's tests by its own command and settings, and adds reporters to those of the project. */
export interface TestRunners extends TestConventions {
  /** Finds how the tests of a tree are run. `command`: the test command of the start request. Undefined if none is known. */
  choose(tree: TreeReader, command?: string[], workdir?: string): Promise<TestChoice | undefined>;
  run(input: TestRunInput): Promise<TestRun>;
  /**
   * Gives the command that runs only these files with the project's settings. `runner`: the name from an earlier run. Undefined if
   * the runner takes no file names, or if a file is outside of `workdir`.
   */
  byFiles(runner: string, files: string[], workdir: string): string[] | undefined;
  /** Python modules that tests may import although no manifest declares them. */
  packages: readonly string[];
}
export interface TreeReader {
  /** All paths of the tree. */
  files: string[];
  /** Undefined for a file that is not there. */
  read(path: string): Promise<string | undefined>;
}
export interface TestChoice {
  runner: string;
  /** The command as a person would type it. */
  command: string[];
}
export interface LaidFile {
  path: string;
  text: string;
}
export interface TestRunInput {
  /** A clean checkout, which no other run uses. */
  checkout: PreparedCheckout;
  choice: TestChoice;
  /** Limits the results to these test files, if the run names files. */
  only?: string[] | undefined;
  /** Test files that replace those of the checkout, read-only. */
  locked?: LaidFile[] | undefined;
  /** Settings files of the base commit that replace those of the checkout, read-only. */
  laid?: LaidFile[] | undefined;
  coverage: boolean;
  /** A command that writes lcov. It runs after the tests if they gave no coverage by line. */
  coverageCommand?: string[] | undefined;
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}
export interface TestRun {
  /** Names of the runners that reported, joined by `+`; `command` if none is known. */
  runner: string;
  command: string[];
  exitCode: number | null;
  timedOut: boolean;
  /** The tests with their names. Fewer than `counts.total` if a runner only counts tests. */
  tests: TestCase[];
  /** The counts of all reports and summaries; null if none can be read. */
  counts: TestCounts | null;
  /** At most 20 names, each at most 200 characters. */
  failing: string[];
  /** The messages of at most 20 failing tests. A text that was cut contains a mark. */
  failures: TestFailure[];
  /** The number of times that each line ran, by file and line from 1; null if it was not measured. */
  coverage: Record<string, Record<number, number>> | null;
  /** `kept` is true if the record of the orchestrator's own reporters is complete; null if they wrote none. */
  sentinel: { kept: boolean; reason: string } | null;
  /** Source files that the run wrote, even if it restored them afterwards. Absent: not known. */
  rewritten?: string[];
  output: string;
  durationMs: number;
  /** The packages that the checkout's set-up downloaded. Absent: not known. */
  fetched?: Downloads | undefined;
}
export interface TestFailure {
  file: string;
  name: string;
  /** The message of the assertion, at most 2,000 characters. */
  message: string;
  /** The expected and the received value, if the runner gives them, at most 2,000 characters. */
  diff?: string;
  /** The first lines of the stack, at most 1,000 characters. */
  stack?: string;
}
export interface TestCase {
  /** Path relative to the tree's root; empty if the run names no file. */
  file: string;
  name: string;
  status: 'passed' | 'failed' | 'skipped' | 'todo';
  /** The message of a failing test. */
  message?: string;
  /** The expected and the received value. */
  diff?: string;
  /** Counts from 1. */
  line?: number;
}
