/**
 * Describes node:test, with or without `--test`: how to read the output of its spec reporter. `tap.ts` reads its TAP.
 */
import { createTitles, summaryDialect } from '../../inspect/test-output/summaries';
import type { ReadTest, Summary } from '../../inspect/test-output/summaries';
import type { Runner } from './runner';
import { SCRIPTS } from './runner';

export const nodeTestRunner = {
  name: 'node-test',
  byFile: ['node', '--test'],
  measuredFiles: SCRIPTS,
  dialect: summaryDialect({
    runner: 'node-test',
    test: readTests,
    failing: /^ *[✖×] (?!failing tests)(.+?)(?: \(?[\d.]+ ?ms\)?)?$/u,
    counts: readCounts,
  }),
} as const satisfies Runner;

/** Reads `▶ suite`, `  ✔ name (1ms)`, `✖ name (1ms)`, `﹣ name (0ms) # SKIP`. The list of failing tests at the end is not read. */
function readTests(): ReadTest {
  const titles = createTitles();
  let isInFailedList = false;
  return (line) => {
    if (/^✖ failing tests:/u.test(line)) isInFailedList = true;
    const [, spaces, sign, name = '', mark] =
      /^( *)([▶✔✖﹣⚠]) (.+?)(?: \([\d.]+ms\))?(?: # ?(SKIP|TODO)\b.*)?$/u.exec(line) ?? [];
    if (isInFailedList || spaces === undefined || sign === undefined) return undefined;
    const indent = spaces.length;
    if (titles.has(indent, name)) {
      titles.above(indent);
      return undefined;
    }
    const above = titles.above(indent);
    if (sign === '▶') {
      titles.add(indent, name);
      return undefined;
    }
    const isSkipped = mark !== undefined || sign === '﹣' || sign === '⚠';
    const result = sign === '✔' ? 'passed' : 'failed';
    return { name: [...above, name].join(' > '), status: isSkipped ? 'skipped' : result };
  };
}

/** Reads lines such as `ℹ tests 3`; the line with the duration ends them. */
function readCounts(): ReturnType<Summary['counts']> {
  let found = new Map<string, number>();
  return (line) => {
    const [, name, count] = /^ℹ (\w+) ([\d.]+)$/u.exec(line) ?? [];
    if (name === undefined) return undefined;
    found.set(name, Number(count));
    if (name !== 'duration_ms' || !found.has('tests')) return undefined;
    const countOf = (name: string): number => found.get(name) ?? 0;
    const counts = {
      total: countOf('tests'),
      passed: countOf('pass'),
      failed: countOf('fail') + countOf('cancelled'),
      skipped: countOf('skipped') + countOf('todo'),
    };
    found = new Map();
    return counts;
  };
}
