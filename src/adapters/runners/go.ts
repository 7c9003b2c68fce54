/**
 * Describes go test: how to read its output with `-v`, for runs that bypass the `go` program in `reporters/`.
 */
import { summaryDialect } from '../../inspect/test-output/summaries';
import type { ReadTest } from '../../inspect/test-output/summaries';
import type { Runner } from './runner';

export const goRunner = {
  name: 'go',
  measuredFiles: /\.go$/,
  dialect: summaryDialect({
    runner: 'go',
    test: readTests,
    counts: () => () => undefined,
    isNamed: true,
    // `FAIL	example.com/a [build failed]`
    broken: /^FAIL\t(\S+) \[(?:build|setup) failed\]$/,
  }),
} as const satisfies Runner;

const STATUS: Record<string, 'passed' | 'failed' | 'skipped'> = { PASS: 'passed', FAIL: 'failed', SKIP: 'skipped' };

/** Reads `--- PASS: TestA (0.00s)`, and below it `    --- PASS: TestA/sub (0.00s)`. */
function readTests(): ReadTest {
  return (line) => {
    const [, word, name] = /^ *--- (PASS|FAIL|SKIP): (\S+) \([\d.]+s\)$/.exec(line) ?? [];
    return word === undefined || name === undefined ? undefined : { name, status: STATUS[word] ?? 'failed' };
  };
}
