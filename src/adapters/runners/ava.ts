/**
 * Describes ava: its settings, and the summary that it prints unless it prints TAP.
 */
import { sumOf } from '../../inspect/test-output/dialect';
import { summaryDialect } from '../../inspect/test-output/summaries';
import type { ReadTest, Summary } from '../../inspect/test-output/summaries';
import type { Runner } from './runner';

export const avaRunner = {
  name: 'ava',
  byFile: ['npx', 'ava'],
  settings: [/(^|\/)ava[^/]*\.config\.[^/]+$/],
  manifestKeys: ['ava'],
  dialect: summaryDialect({ runner: 'ava', test: readTests, counts: readCounts, broken: /^ +✘ (\S+ exited .*)$/u }),
} as const satisfies Runner;

const STATUS: Record<string, 'passed' | 'failed'> = { '✔': 'passed', '✘': 'failed' };

/** Reads `  ✔ file › adds (5ms)`, `  ✘ [fail]: file › adds`, `  - [skip] file › adds`. */
function readTests(): ReadTest {
  return (line) => {
    const [, sign, name = ''] = /^ +([✔✘-]) (?:\[(?:fail|skip|todo)\]:? )?(.+?)(?: \([\d.]+m?s\))?$/u.exec(line) ?? [];
    if (sign === undefined) return undefined;
    return {
      name: name.replaceAll(' › ', ' > '),
      status: STATUS[sign] ?? 'skipped',
    };
  };
}

/** Reads `  3 tests passed`, `  1 test failed`, `  1 test skipped`, `  1 uncaught exception`; the first other line ends them. */
function readCounts(): ReturnType<Summary['counts']> {
  let [hasCounts, passed, failed, skipped] = [false, 0, 0, 0];
  return (line) => {
    const [, count, word = ''] =
      /^ {2}(\d+) (tests? (?:passed|failed|skipped|todo)|(?:uncaught exception|unhandled rejection|known failure)s?)$/.exec(
        line,
      ) ?? [];
    if (word === '') {
      const counts = hasCounts ? sumOf(passed, failed, skipped) : undefined;
      [hasCounts, passed, failed, skipped] = [false, 0, 0, 0];
      return counts;
    }
    hasCounts = true;
    if (word.endsWith('passed')) passed += Number(count);
    else if (/(skipped|todo|failures?)$/.test(word)) skipped += Number(count);
    else failed += Number(count);
    return undefined;
  };
}
