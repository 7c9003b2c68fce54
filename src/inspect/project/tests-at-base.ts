/**
 * What a run of the base's own tests says: they ran, there are none, or something keeps them from running. Pure.
 *
 * A red test is a test that ran. A run that failed and counted nothing did not run: a change could not be measured by it.
 */
import { isTestPath } from '../../domain/files';
import type { TestRun } from '../../ports/test-runner';

export type BaseVerdict =
  | { kind: 'ran' }
  | { kind: 'none'; why: string }
  | { kind: 'cut_off' }
  /** `missing`: what the log says is not there. */
  | { kind: 'cannot_run'; missing: 'program' | 'module' | null };

/** Printed where a runner finds no test: pytest, unittest, jest, vitest, mocha, ava, node, go, cargo, npm's own script. */
const NO_TESTS =
  /\bno tests? (files? |suites? |were |was )?(found|ran|run|specified|collected|to run)|collected 0 items|couldn't find any files to test|no test files|ran 0 tests|^could not find '[^'\n*?[{]*[*?[{][^'\n]*'/im;
const NO_PROGRAM =
  /command not found|: not found$|execvp .*no such file|spawn .* ENOENT|is not recognized|exec: .*: not found/im;
/** A package; a file of the project's own, named by its path, may be what the build is to write. */
const NO_MODULE =
  /cannot find (module|package) (?!['"]?[./])|module ?not ?found ?error: no module named ['"]?(?!tests?\b)|^\S+: no module named |could not resolve|unresolved import|no required module/im;

export function judgeBase(run: TestRun, files: readonly string[]): BaseVerdict {
  if (run.timedOut) return { kind: 'cut_off' };
  if (run.tests.length > 0 || (run.counts?.total ?? 0) > 0) return { kind: 'ran' };
  const command = run.command.join(' ');
  if (run.exitCode === 0)
    return { kind: 'none', why: `"${command}" ended well, and no test was counted in what it printed` };
  const { output } = run;
  const noProgram = run.exitCode === 127 || NO_PROGRAM.test(output);
  const missing = noProgram ? 'program' : NO_MODULE.test(output) ? 'module' : null;
  // A test that is still to be written may be what the command asks for.
  const mayComeLater = missing === null && (NO_TESTS.test(output) || !files.some(isTestPath));
  if (mayComeLater) return { kind: 'none', why: `"${command}" finds no test in the base commit` };
  return { kind: 'cannot_run', missing };
}
