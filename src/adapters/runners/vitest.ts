/**
 * Describes vitest: its settings, and how to read its output if the reporter wrote no record.
 */
import { countsOfWords } from '../../inspect/test-output/dialect';
import { onOneLine, summaryDialect } from '../../inspect/test-output/summaries';
import type { ReadTest } from '../../inspect/test-output/summaries';
import type { Runner } from './runner';

export const vitestRunner = {
  name: 'vitest',
  byFile: ['npx', 'vitest', 'run'],
  settings: [/(^|\/)(vitest|vite)[^/]*\.(config|workspace)\.[^/]+$/, /(^|\/)vitest[._-]?(setup|global|env)[^/]*$/i],
  manifestKeys: ['vitest'],
  dialect: summaryDialect({
    runner: 'vitest',
    test: readTests,
    failing: /^ *(?:×|FAIL ) +(\S+\.[cm]?[jt]sx? > .+?)(?: \d+ ?ms)?$/u,
    // `      Tests  1 failed | 2 passed (3)`
    counts: onOneLine(/^ *Tests {2,}.*\(\d+\)$/, ([line]) => countsOfWords(line)),
    // ` FAIL  src/a.test.ts [ src/a.test.ts ]`
    broken: /^ *FAIL +(\S+\.[cm]?[jt]sx?) \[ .+ \]$/,
  }),
} as const satisfies Runner;

const STATUS: Record<string, 'passed' | 'failed'> = { '✓': 'passed', '×': 'failed' };

/** Reads the output of the verbose reporter: ` ✓ src/a.test.ts > suite > adds 1ms`. */
function readTests(): ReadTest {
  return (line) => {
    const [, sign, file, name = ''] = /^ *([✓×↓]) (\S+\.[cm]?[jt]sx?) > (.+?)(?: \d+ ?ms)?$/u.exec(line) ?? [];
    if (sign === undefined || file === undefined) return undefined;
    return { file, name, status: STATUS[sign] ?? 'skipped' };
  };
}
