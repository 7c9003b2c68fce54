/**
 * Describes jest: its settings, and how to read its output if the reporter wrote no record.
 */
import { countsOfWords } from '../../inspect/test-output/dialect';
import { createTitles, onOneLine, summaryDialect } from '../../inspect/test-output/summaries';
import type { ReadTest } from '../../inspect/test-output/summaries';
import type { Runner } from './runner';

export const jestRunner = {
  name: 'jest',
  byFile: ['npx', 'jest', '--runTestsByPath'],
  settings: [/(^|\/)jest[^/]*\.config\.[^/]+$/, /(^|\/)jest[._-]?(setup|global|env)[^/]*$/i],
  manifestKeys: ['jest'],
  dialect: summaryDialect({
    runner: 'jest',
    test: readTests,
    failing: /^ +● (?!Console\b|Test suite failed)(.+ › .+|[^›]+)$/u,
    // `Tests:       1 failed, 1 skipped, 2 passed, 4 total`
    counts: onOneLine(/^Tests: .*\d+ total$/, ([line]) => countsOfWords(line)),
    broken: /^ +● (Test suite failed to run)$/u,
  }),
} as const satisfies Runner;

const STATUS: Record<string, 'passed' | 'failed'> = { '✓ ': 'passed', '✕ ': 'failed' };

/** Reads `PASS src/a.test.js`, and with `--verbose` each test: `  ✓ adds (2 ms)` below its suites. */
function readTests(): ReadTest {
  const titles = createTitles();
  let file = '';
  return (line) => {
    const [, fileName] = /^(?:PASS|FAIL) (?:\S+ )?(\S+\.[cm]?[jt]sx?)(?: \(.*\))?$/.exec(line) ?? [];
    if (fileName !== undefined) {
      file = fileName;
      titles.clear();
      return undefined;
    }
    const [, spaces, sign, name = ''] = /^( +)([✓✕○✎] )?(.+?)(?: \(\d+(?:\.\d+)? ?m?s\))?$/u.exec(line) ?? [];
    if (spaces === undefined || file === '') return undefined;
    if (sign === undefined) {
      titles.add(spaces.length, name);
      return undefined;
    }
    const status = STATUS[sign] ?? 'skipped';
    return { file, name: [...titles.above(spaces.length), name.replace(/^(skipped|todo) /, '')].join(' > '), status };
  };
}
