/**
 * The dialects that no runner of the orchestrator prints: one record each, in the order in which they are tried. Pure.
 */
import { countsOfWords, sumOf } from './dialect';
import type { Dialect } from './dialect';
import { tap } from './tap';

/** One line for each test program: `test result: ok. 2 passed; 0 failed; 1 ignored; ...` */
const cargo: Dialect = {
  counts(text) {
    const lines = text.match(/^test result: .*$/gm);
    return lines === null ? null : countsOfWords(lines.join('\n'));
  },
  failing: [/^test (\S+) \.\.\. FAILED$/gm],
};

/** `go test -v`: one `--- PASS: TestName (0.00s)` for each */
const go: Dialect = {
  counts(text) {
    const words = [...text.matchAll(/^ *--- (PASS|FAIL|SKIP): /gm)].map(([, word]) => word);
    const of = (name: string): number => words.filter((word) => word === name).length;
    return words.length === 0 ? null : sumOf(of('PASS'), of('FAIL'), of('SKIP'));
  },
  failing: [/^ *--- FAIL: (\S+)/gm],
};

export const OTHER_DIALECTS: readonly Dialect[] = [cargo, go, tap];
