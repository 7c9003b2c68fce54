/**
 * What a trusted run of a project's tests is asked, and what it answers; `src/adapters/runners` has the real ones.
 */
import type { TestCounts } from '../domain/evidence/evidence';
import type { TestConventions } from '../domain/files';
import type { PreparedCheckout } from './checkouts';

/** Runs a project's tests so that neither its code nor its tree decides what is said of them. */
export interface TestRunners extends TestConventions {
  /** How the tests of a tree are run; `command` is a person's own wish. Undefined where no way is known. */
  choose(tree: TreeReader, command?: string[]): Promise<TestChoice | undefined>;
  run(input: TestRunInput): Promise<TestRun>;
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
export interface TestRunInput {
  /** A clean one, used for this run only. */
  checkout: PreparedCheckout;
  choice: TestChoice;
  /** Test files to run; all that are found, if not given. */
  only?: string[] | undefined;
  /** Test files laid over the checkout, read-only; they run in any case. */
  locked?: Array<{ path: string; text: string }> | undefined;
  coverage: boolean;
  /** Writes lcov; run after the tests where these were not counted line by line by a watch of ours. */
  coverageCommand?: string[] | undefined;
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}
export interface TestRun {
  runner: string;
  command: string[];
  exitCode: number | null;
  timedOut: boolean;
  tests: TestCase[];
  /** null where the runner's report could not be read. */
  counts: TestCounts | null;
  /** At most 20 names, each at most 200 characters. */
  failing: string[];
  /** What failing tests said, at most 20 of them; each text says where it was cut. */
  failures: TestFailure[];
  /** How often each line of code ran, by file and line from 1; null where it was not measured. */
  coverage: Record<string, Record<number, number>> | null;
  /** Whether the watch inside the test processes held to the end; null where the runner has none. */
  sentinel: { kept: boolean; reason: string } | null;
  output: string;
  durationMs: number;
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
  file: string;
  name: string;
  status: 'passed' | 'failed' | 'skipped' | 'todo';
}
