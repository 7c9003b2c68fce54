/**
 * Describes pytest: its settings, and how to read its output if the reporter's plugin is not loaded, as in environments of tox
 * and nox.
 */
import { countsOfWords, sumOf } from '../../inspect/test-output/dialect';
import { onOneLine, summaryDialect } from '../../inspect/test-output/summaries';
import type { ReadTest } from '../../inspect/test-output/summaries';
import type { Runner } from './runner';

const STATUS: Record<string, 'passed' | 'failed' | 'skipped'> = {
  ...{ PASSED: 'passed', FAILED: 'failed', ERROR: 'failed' },
  ...{ SKIPPED: 'skipped', XFAIL: 'skipped', XPASS: 'skipped' },
};

export const pytestRunner = {
  name: 'pytest',
  byFile: ['python3', '-m', 'pytest'],
  settings: [/(^|\/)(conftest\.py|pytest\.(ini|toml)|\.pytest\.(ini|toml)|tox\.(ini|toml)|setup\.cfg|noxfile\.py)$/],
  packages: ['pytest'],
  measuredFiles: /\.py$/,
  dialect: summaryDialect({
    runner: 'pytest',
    test: readTests,
    failing: /^(?:FAILED|ERROR) (\S+?(?:::.+?)?)(?: - .*)?$/,
    // `==== 1 failed, 2 passed in 0.05s ====`, with `-q` without the bars
    counts: onOneLine(
      /^(?:=+ )?((?:\d+ [a-z]+(?: [a-z]+)?(?:, )?)+|no tests ran) in [\d.]+s(?: \([\d:]+\))?(?: =+)?$/,
      ([, words = '']) =>
        words === 'no tests ran' ? sumOf(0, 0, 0) : countsOfWords(words.replace(/\d+ warnings?/, '')),
    ),
  }),
} as const satisfies Runner;

/** Reads the output of `-v`: `tests/test_a.py::TestA::test_b[1] PASSED   [ 50%]`; xdist prints its worker first and the test last. */
function readTests(): ReadTest {
  return (line) => {
    const [, path, status = ''] = /^(\S+\.py::.+?) (PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS)\b.*$/.exec(line) ?? [];
    const [, word = '', other] =
      /^\[gw\d+\] \[ *\d+%\] (PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS) (\S+\.py::.+?) *$/.exec(line) ?? [];
    const testId = path ?? other;
    if (testId === undefined) return undefined;
    const separator = testId.indexOf('::');
    return {
      file: testId.slice(0, separator),
      name: testId.slice(separator + 2),
      status: STATUS[status || word] ?? 'failed',
    };
  };
}
