/**
 * Describes bun test: its settings, and how to read its output.
 */
import { sumOf } from '../../inspect/test-output/dialect';
import { summaryDialect } from '../../inspect/test-output/summaries';
import type { ReadTest, Summary } from '../../inspect/test-output/summaries';
import type { Runner } from './runner';

export const bunRunner = {
  name: 'bun',
  settings: [/(^|\/)bunfig\.toml$/],
  dialect: summaryDialect({ runner: 'bun', test: readTests, counts: readCounts }),
} as const satisfies Runner;

const STATUS: Record<string, 'passed' | 'failed' | 'skipped'> = {
  '(pass)': 'passed',
  '✓': 'passed',
  '(fail)': 'failed',
  '✗': 'failed',
};

/** Reads the file name `src/a.test.ts:`, and below it `(pass) suite > adds [0.05ms]`. */
function readTests(): ReadTest {
  let file = '';
  return (line) => {
    const [, fileName] = /^(\S+\.[cm]?[jt]sx?):$/.exec(line) ?? [];
    if (fileName !== undefined) file = fileName;
    const [, sign, name] = /^(\((?:pass|fail|skip|todo)\)|[✓✗»✎]) (.+?)(?: \[[\d.]+m?s\])?$/u.exec(line) ?? [];
    return sign === undefined || name === undefined ? undefined : { file, name, status: STATUS[sign] ?? 'skipped' };
  };
}

/** Reads ` 3 pass`, ` 1 skip`, ` 0 fail`, and last `Ran 4 tests across 1 file. [8.00ms]`. */
function readCounts(): ReturnType<Summary['counts']> {
  let [passed, failed, skipped] = [0, 0, 0];
  return (line) => {
    const [, count, word] = /^ *(\d+) (pass|fail|skip|todo|errors?)$/.exec(line) ?? [];
    if (word === 'pass') passed = Number(count);
    else if (word === 'fail' || word?.startsWith('error')) failed += Number(count);
    else if (word !== undefined) skipped += Number(count);
    if (!/^Ran \d+ tests? across \d+ files?\./.test(line)) return undefined;
    const counts = sumOf(passed, failed, skipped);
    [passed, failed, skipped] = [0, 0, 0];
    return counts;
  };
}
