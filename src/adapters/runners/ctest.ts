/**
 * Describes ctest: its settings, and how to read its output of one line for each test.
 */
import { summaryDialect } from '../../inspect/test-output/summaries';
import type { ReadTest } from '../../inspect/test-output/summaries';
import type { Runner } from './runner';

export const ctestRunner = {
  name: 'ctest',
  settings: [/(^|\/)(CTestConfig|CTestCustom)\.cmake$/],
  dialect: summaryDialect({
    runner: 'ctest',
    test: readTests,
    counts: () => () => undefined,
    isNamed: true,
    broken: /^(No tests were found!!!)$/,
  }),
} as const satisfies Runner;

/** Reads `1/3 Test #1: adds .............   Passed    0.00 sec`, `***Failed`, `***Not Run`, `***Skipped`, `***Exception: SegFault`. */
function readTests(): ReadTest {
  return (line) => {
    const [, name, word = ''] = /^ *\d+\/\d+ Test +#\d+: (.+?) \.{2,} *(Passed|\*\*\*[A-Z][\w ]*)/.exec(line) ?? [];
    if (name === undefined) return undefined;
    if (word === 'Passed') return { name, status: 'passed' };
    return { name, status: /Skipped|Disabled/.test(word) ? 'skipped' : 'failed' };
  };
}
