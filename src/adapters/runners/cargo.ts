/**
 * Describes cargo test and cargo nextest. They print one summary for each test program; this file puts the crate before test
 * names.
 */
import { countsOfWords, sumOf } from '../../inspect/test-output/dialect';
import { onOneLine, summaryDialect } from '../../inspect/test-output/summaries';
import type { ReadTest } from '../../inspect/test-output/summaries';
import type { Runner } from './runner';

export const cargoRunner = {
  name: 'cargo',
  settings: [/(^|\/)\.config\/nextest\.toml$/],
  measuredFiles: /\.rs$/,
  dialect: summaryDialect({
    runner: 'cargo',
    test: readTests,
    failing: /^test (\S+) \.\.\. FAILED$/,
    // `test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s`
    counts: onOneLine(/^test result: (?:ok|FAILED)\. (.*)$/, ([, words = '']) => countsOfWords(words)),
    broken: /^error: (could not compile `[^`]+`)/,
  }),
} as const satisfies Runner;

const STATUS: Record<string, 'passed' | 'failed' | 'skipped'> = {
  ok: 'passed',
  FAILED: 'failed',
  PASS: 'passed',
  FAIL: 'failed',
};

/** Reads `test tests::adds ... ok` below `Running tests/a.rs (target/debug/deps/a-0123456789abcdef)` or `Doc-tests a`. */
function readTests(): ReadTest {
  let [crate, file] = ['', ''];
  return (line) => {
    const [, source = '', program] =
      /^ +Running (?:unittests )?(\S+) \(\S*\/(\S+?)-[0-9a-f]{16}(?:\.exe)?\)$/.exec(line) ?? [];
    if (program !== undefined) [crate, file] = [program, source];
    const [, docTestCrate] = /^ +Doc-tests (\S+)$/.exec(line) ?? [];
    if (docTestCrate !== undefined) [crate, file] = [docTestCrate, ''];
    const [, name, word = ''] = /^test (.+?)(?: - should panic)? \.\.\. (ok|FAILED|ignored)\b.*$/.exec(line) ?? [];
    if (name === undefined) return undefined;
    const [, docTestFile] = /^(\S+\.rs) - /.exec(name) ?? [];
    const testFile = docTestFile ?? (/^tests\//.test(file) ? file : '');
    return { file: testFile, name: crate === '' ? name : `${crate}::${name}`, status: STATUS[word] ?? 'skipped' };
  };
}

export const nextestRunner = {
  name: 'nextest',
  dialect: summaryDialect({
    runner: 'nextest',
    test: readNextest,
    // `     Summary [   0.012s] 3 tests run: 2 passed, 1 failed, 1 skipped`
    counts: onOneLine(/^ +Summary \[ *[\d.]+s\] .*tests? run: (.*)$/, ([, words = '']) => {
      const { passed, failed } = countsOfWords(
        words.replace(/\(.*?\)/g, '').replace(/(\d+) (?:timed out|exec failed)/g, '$1 failed'),
      );
      // Tests that the command's filter leaves out appear as skipped: they do not count.
      return sumOf(passed, failed, 0);
    }),
  }),
} as const satisfies Runner;

/** Reads `        PASS [   0.005s] (1/3) my-crate tests::adds`. Failing tests are listed again below the summary: not read. */
function readNextest(): ReadTest {
  let isAfterSummary = false;
  return (line) => {
    if (/^ +Summary \[/.test(line)) isAfterSummary = true;
    const [, word = '', crate, name = ''] =
      /^ +(PASS|FAIL|TIMEOUT|SIGABRT|SIGSEGV|LEAK) \[ *[\d.]+s\] (?:\( *\d+\/\d+\) )?(\S+) (.+)$/.exec(line) ?? [];
    if (isAfterSummary || crate === undefined) return undefined;
    return { name: `${crate}::${name}`, status: word === 'LEAK' ? 'passed' : (STATUS[word] ?? 'failed') };
  };
}
