/**
 * Describes mocha: its settings, and how to read the output of its spec reporter.
 */
import { sumOf } from '../../inspect/test-output/dialect';
import { createTitles, summaryDialect } from '../../inspect/test-output/summaries';
import type { ReadTest, Summary } from '../../inspect/test-output/summaries';
import type { Runner } from './runner';

export const mochaRunner = {
  name: 'mocha',
  byFile: ['npx', 'mocha'],
  settings: [
    /(^|\/)(mocha[^/]*\.config\.[^/]+|\.mocharc[^/]*|mocha\.opts)$/,
    /(^|\/)mocha[._-]?(setup|global|env)[^/]*$/i,
  ],
  manifestKeys: ['mocha'],
  dialect: summaryDialect({ runner: 'mocha', test: readTests, counts: readCounts, failing: /^ {2}\d+\) (.+:)$/ }),
} as const satisfies Runner;

/** Reads `  suite`, `    ✔ name (5ms)`, `    1) name`, `    - name`. After the summary mocha prints failing tests again. */
function readTests(): ReadTest {
  const titles = createTitles();
  return (line) => {
    if (/^ *\d+ passing \(\S+\)$/.test(line)) titles.clear();
    const [, spaces, sign, name = ''] = /^( {2,})(?:([✔✓-]|\d+\)) )?(.+?)(?: \(\d+m?s\))?$/u.exec(line) ?? [];
    if (spaces === undefined) return undefined;
    const above = titles.above(spaces.length);
    if (sign === undefined) {
      titles.add(spaces.length, name);
      return undefined;
    }
    const status = sign === '-' ? 'skipped' : /\d/.test(sign) ? 'failed' : 'passed';
    return { name: [...above, name].join(' > '), status };
  };
}

/** Reads `  2 passing (5ms)`, `  1 pending`, `  1 failing`, each on its own line; the first other line ends them. */
function readCounts(): ReturnType<Summary['counts']> {
  let passed: number | undefined;
  let [failed, pending] = [0, 0];
  return (line) => {
    const [, count, word] = /^ *(\d+) (passing \(\S+\)|pending|failing)$/.exec(line) ?? [];
    if (word?.startsWith('passing')) {
      const before = passed === undefined ? undefined : sumOf(passed, failed, pending);
      [passed, failed, pending] = [Number(count), 0, 0];
      return before;
    }
    if (passed === undefined) return undefined;
    if (word === 'pending') pending = Number(count);
    else if (word === 'failing') failed = Number(count);
    if (word !== undefined) return undefined;
    const counts = sumOf(passed, failed, pending);
    passed = undefined;
    return counts;
  };
}
