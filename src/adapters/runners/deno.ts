/**
 * Describes deno test: its settings, and how to read its output.
 */
import { countsOfWords } from '../../inspect/test-output/dialect';
import { onOneLine, summaryDialect } from '../../inspect/test-output/summaries';
import type { ReadTest } from '../../inspect/test-output/summaries';
import type { Runner } from './runner';

export const denoRunner = {
  name: 'deno',
  settings: [/(^|\/)deno\.jsonc?$/],
  dialect: summaryDialect({
    runner: 'deno',
    test: readTests,
    // `FAILED | 2 passed | 1 failed | 1 ignored (3ms)`
    counts: onOneLine(/^(?:ok|FAILED) \| (\d+ passed .*)$/, ([, words = '']) =>
      countsOfWords(words.replace(/\(.*?\)/g, '')),
    ),
  }),
} as const satisfies Runner;

const STATUS: Record<string, 'passed' | 'failed'> = { ok: 'passed', FAILED: 'failed' };

/** Reads `running 2 tests from ./a_test.ts`, and below it `adds ... ok (1ms)`. */
function readTests(): ReadTest {
  let file = '';
  return (line) => {
    const [, fileName] = /^running \d+ tests? from (?:\.\/)?(\S+)$/.exec(line) ?? [];
    if (fileName !== undefined) file = fileName;
    const [, name, word = ''] = /^(\S.*?) \.\.\. (ok|FAILED|ignored)(?: \(.*\))?$/.exec(line) ?? [];
    return name === undefined ? undefined : { file, name, status: STATUS[word] ?? 'skipped' };
  };
}
