/**
 * Describes runners whose output is read without a reporter: dotnet, rspec, minitest, phpunit, GoogleTest.
 */
import { sumOf } from '../../inspect/test-output/dialect';
import { createTitles, onOneLine, summaryDialect } from '../../inspect/test-output/summaries';
import type { ReadTest, Summary } from '../../inspect/test-output/summaries';
import type { Runner } from './runner';

/** The status of a test by the word or sign that a runner prints; all others mean a skipped test. */
const STATUS: Record<string, 'passed' | 'failed'> = {
  ...{ Passed: 'passed', OK: 'passed', '✔': 'passed', '⚠': 'passed' },
  ...{ Failed: 'failed', FAILED: 'failed', '✘': 'failed', '☢': 'failed' },
};

const toNumbers = (texts: Array<string | undefined>): number[] => texts.map((text) => Number(text ?? 0));

export const dotnetRunner = {
  name: 'dotnet',
  settings: [/(^|\/)[^/]*\.runsettings$/],
  dialect: summaryDialect({
    runner: 'dotnet',
    test: readDotnetTests,
    // `Failed!  - Failed:     1, Passed:     2, Skipped:     0, Total:     3, Duration: 20 ms - A.dll (net8.0)`
    counts: onOneLine(
      /^ *(?:Passed|Failed|Skipped)! +- Failed: +(\d+), Passed: +(\d+), Skipped: +(\d+), Total: +\d+/,
      ([, ...texts]) => {
        const [failed = 0, passed = 0, skipped = 0] = toNumbers(texts);
        return sumOf(passed, failed, skipped);
      },
    ),
  }),
} as const satisfies Runner;

/** Reads `  Passed A.B.Adds [2 ms]`, which dotnet prints with `--logger "console;verbosity=normal"`. */
function readDotnetTests(): ReadTest {
  return (line) => {
    const [, word, name = ''] = /^ {2}(Passed|Failed|Skipped) (\S.*?)(?: \[.*\])?$/.exec(line) ?? [];
    if (word === undefined) return undefined;
    return { name, status: STATUS[word] ?? 'skipped' };
  };
}

export const rspecRunner = {
  name: 'rspec',
  settings: [/(^|\/)(\.rspec[^/]*|spec\/(spec|rails)_helper\.rb)$/],
  measuredFiles: /\.rb$/,
  dialect: summaryDialect({
    runner: 'rspec',
    // `3 examples, 1 failure, 1 pending, 1 error occurred outside of examples`
    counts: onOneLine(
      /^(\d+) examples?, (\d+) failures?(?:, (\d+) pending)?(?:, (\d+) errors? occurred outside of examples)?$/,
      ([, ...texts]) => {
        const [all = 0, failed = 0, pending = 0, errors = 0] = toNumbers(texts);
        return sumOf(all - failed - pending, failed + errors, pending);
      },
    ),
    failing: /^rspec (\.\/\S+(?: # .*)?)$/,
  }),
} as const satisfies Runner;

export const minitestRunner = {
  name: 'minitest',
  dialect: summaryDialect({
    runner: 'minitest',
    // `3 runs, 3 assertions, 1 failures, 0 errors, 0 skips`; test-unit prints "tests" and "omissions"
    counts: onOneLine(
      /^(\d+) (?:runs|tests), \d+ assertions, (\d+) failures, (\d+) errors, (?:(\d+) skips|\d+ pendings, (\d+) omissions.*)$/,
      ([, ...texts]) => {
        const [all = 0, failures = 0, errors = 0, skips = 0, omissions = 0] = toNumbers(texts);
        const skipped = skips + omissions;
        return sumOf(all - failures - errors - skipped, failures + errors, skipped);
      },
    ),
  }),
} as const satisfies Runner;

export const phpunitRunner = {
  name: 'phpunit',
  settings: [/(^|\/)(phpunit[^/]*\.xml(\.dist)?|Pest\.php)$/],
  measuredFiles: /\.php$/,
  dialect: summaryDialect({
    runner: 'phpunit',
    test: readTestdox,
    counts: readPhpunitCounts,
    failing: /^\d+\) (\S+::.+)$/,
  }),
} as const satisfies Runner;

/** Reads the output of `--testdox`: a class, and below it ` ✔ Adds two numbers`. */
function readTestdox(): ReadTest {
  const titles = createTitles();
  return (line) => {
    const [, title] = /^(\S.* \(.+\)|[A-Z]\w+)$/.exec(line) ?? [];
    if (title !== undefined) titles.add(0, title.replace(/ \(.*\)$/, ''));
    const [, sign, name = ''] = /^ ([✔✘↩∅☢⚠]) (.+?)(?: \[[\d.]+ ms\])?$/u.exec(line) ?? [];
    if (sign === undefined) return undefined;
    return { name: [...titles.above(1), name].join(' > '), status: STATUS[sign] ?? 'skipped' };
  };
}

/** Reads `OK (3 tests, 5 assertions)`, or `Tests: 3, Assertions: 5, Errors: 1, Failures: 1, Skipped: 1.` */
function readPhpunitCounts(): ReturnType<Summary['counts']> {
  return (line) => {
    const [, all] = /^OK \((\d+) tests?, \d+ assertions?\)$/.exec(line) ?? [];
    if (all !== undefined) return sumOf(Number(all), 0, 0);
    const [, tests, words = ''] = /^Tests: (\d+), Assertions: \d+(.*)\.$/.exec(line) ?? [];
    if (tests === undefined) return undefined;
    const countOf = (name: string): number => Number(new RegExp(`, ${name}: (\\d+)`).exec(words)?.[1] ?? 0);
    const failed = countOf('Failures') + countOf('Errors');
    const skipped = countOf('Skipped') + countOf('Incomplete');
    return sumOf(Number(tests) - failed - skipped, failed, skipped);
  };
}

export const googleTestRunner = {
  name: 'googletest',
  dialect: summaryDialect({
    runner: 'googletest',
    test: readGoogleTests,
    counts: () => () => undefined,
    isNamed: true,
  }),
} as const satisfies Runner;

/** Reads `[       OK ] Suite.Name (0 ms)`. The summary repeats failing tests without a time: they are not read again. */
function readGoogleTests(): ReadTest {
  return (line) => {
    const [, word = '', name] = /^\[ +(OK|FAILED|SKIPPED) +\] (\S+?)(?:, where .*)? \(\d+ ms\)$/.exec(line) ?? [];
    if (name === undefined) return undefined;
    return { name, status: STATUS[word] ?? 'skipped' };
  };
}
