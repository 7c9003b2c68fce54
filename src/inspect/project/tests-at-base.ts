/**
 * Judges a test run of the base commit: the tests ran, there are none, or something prevents them from running. Pure.
 *
 * A failing test is a test that ran. A failed run without counts did not run any test, so a change could not be measured with it.
 */
import { isTestPath } from '../../domain/files';
import type { TestRun } from '../../ports/test-runner';

export type BaseVerdict =
  | { kind: 'ran' }
  | { kind: 'none'; why: string }
  | { kind: 'cut_off' }
  /** `missing`: what the log says is missing. */
  | { kind: 'cannot_run'; missing: 'program' | 'module' | null };

/** Messages of a runner without tests: pytest, unittest, jest, vitest, mocha, ava, node, go, cargo, npm's default script. */
const NO_TESTS =
  /\bno tests? (files? |suites? |were |was )?(found|ran|run|specified|collected|to run)|collected 0 items|couldn't find any files to test|no test files|ran 0 tests|^could not find '[^'\n*?[{]*[*?[{][^'\n]*'/im;
/** Messages about a missing program. */
const NO_PROGRAM =
  /command not found|: not found$|execvp .*no such file|spawn .* ENOENT|is not recognized|exec: .*: not found/im;
/** Messages about a missing package. A missing file of the project does not count, since the build may have to write it. */
const NO_MODULE =
  /cannot find (module|package) (?!['"]?[./])|module ?not ?found ?error: no module named ['"]?(?!tests?\b)|^\S+: no module named |could not resolve|unresolved import|no required module/im;

export function judgeBase(run: TestRun, files: readonly string[]): BaseVerdict {
  if (run.timedOut) return { kind: 'cut_off' };
  if (run.tests.length > 0 || (run.counts?.total ?? 0) > 0) return { kind: 'ran' };
  const command = run.command.join(' ');
  if (run.exitCode === 0)
    return { kind: 'none', why: `"${command}" ended well, and no test was counted in what it printed` };
  const { output } = run;
  const lacksProgram = run.exitCode === 127 || NO_PROGRAM.test(output);
  const missing = lacksProgram ? 'program' : NO_MODULE.test(output) ? 'module' : null;
  // The command may name a test that has yet to be written.
  const mayComeLater = missing === null && (NO_TESTS.test(output) || !files.some(isTestPath));
  if (mayComeLater) return { kind: 'none', why: `"${command}" finds no test in the base commit` };
  return { kind: 'cannot_run', missing };
}
