/**
 * Describes Maven and Gradle: how to read their output in runs that write no JUnit files.
 */
import { sumOf } from '../../inspect/test-output/dialect';
import { onOneLine, summaryDialect } from '../../inspect/test-output/summaries';
import type { ReadTest } from '../../inspect/test-output/summaries';
import type { Runner } from './runner';

export const mavenRunner = {
  name: 'maven',
  dialect: summaryDialect({
    runner: 'maven',
    // Maven prints one such line for each module: `[INFO] Tests run: 3, Failures: 1, Errors: 0, Skipped: 1`; lines with a time are for one class.
    counts: onOneLine(
      /^(?:\[\w+\] +)?Tests run: (\d+), Failures: (\d+), Errors: (\d+), Skipped: (\d+)$/,
      ([, run, failures, errors, skipped]) => {
        const failed = Number(failures) + Number(errors);
        return sumOf(Number(run) - failed - Number(skipped), failed, Number(skipped));
      },
    ),
    failing: /^\[ERROR\]   ([\w.$]+:\d+.*)$/,
    broken: /^\[ERROR\] (COMPILATION ERROR) : ?$/,
  }),
} as const satisfies Runner;

export const gradleRunner = {
  name: 'gradle',
  dialect: summaryDialect({ runner: 'gradle', test: readGradle, counts: () => () => undefined, isNamed: true }),
} as const satisfies Runner;

const STATUS: Record<string, 'passed' | 'failed' | 'skipped'> = {
  PASSED: 'passed',
  FAILED: 'failed',
  SKIPPED: 'skipped',
};

/** Reads `UserTest > name() PASSED`. */
function readGradle(): ReadTest {
  return (line) => {
    const [, name, word = ''] = /^([\w.$]+ > .+) (PASSED|FAILED|SKIPPED)$/.exec(line) ?? [];
    return name === undefined ? undefined : { name, status: STATUS[word] ?? 'failed' };
  };
}
