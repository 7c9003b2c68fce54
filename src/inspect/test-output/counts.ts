/**
 * How many tests a runner says it ran, read from the summary it closes with. Pure.
 *
 * One reader per dialect; the last summary in the output counts, because a program under test may print one of its own before it.
 */
import type { TestCounts } from '../../domain/evidence/evidence';

type Reader = (text: string) => TestCounts | null;

/** null where no reader knows the output. */
export function readCounts(text: string): TestCounts | null {
  for (const read of [nodeTest, jestTests, vitest, mocha, pytest, cargo, goTest, tap]) {
    const counts = read(text);
    if (counts !== null) return counts;
  }
  return null;
}

/** `# tests 3` in the TAP reporter, `ℹ tests 3` in the spec reporter. */
const nodeTest: Reader = (text) => {
  const summary = last(text, /^[#ℹ] tests \d+\n(?:[#ℹ] \w+ [\d.]+\n?)+/gmu);
  if (summary === undefined) return null;
  const of = (name: string): number => Number(new RegExp(`^[#ℹ] ${name} (\\d+)$`, 'mu').exec(summary)?.[1] ?? 0);
  return {
    total: of('tests'),
    passed: of('pass'),
    failed: of('fail') + of('cancelled'),
    skipped: of('skipped') + of('todo'),
  };
};

/** `Tests:       1 failed, 1 skipped, 2 passed, 4 total` */
const jestTests: Reader = (text) => {
  const line = last(text, /^Tests: .*\d+ total$/gm);
  return line === undefined ? null : fromWords(line);
};

/** `      Tests  1 failed | 2 passed (3)` */
const vitest: Reader = (text) => {
  const line = last(text, /^ *Tests {2,}.*\(\d+\)$/gm);
  return line === undefined ? null : fromWords(line);
};

/** `  2 passing (5ms)`, `  1 pending`, `  1 failing`, each on its line */
const mocha: Reader = (text) => {
  const block = last(text, /^ *\d+ passing \(\S+\)$(?:\n^ *\d+ (?:pending|failing)$)*/gm);
  return block === undefined ? null : fromWords(block);
};

/** `==== 1 failed, 2 passed in 0.05s ====`, with `-q` without the bars */
const pytest: Reader = (text) => {
  const line = last(text, /^(?:=+ )?(?:\d+ \w+,? )+in [\d.]+s(?: \([\d:]+\))?(?: =+)?$/gm);
  if (line !== undefined) return fromWords(line);
  return /^(?:=+ )?no tests ran in [\d.]+s/m.test(text) ? { total: 0, passed: 0, failed: 0, skipped: 0 } : null;
};

/** One line for each test program: `test result: ok. 2 passed; 0 failed; 1 ignored; ...` */
const cargo: Reader = (text) => {
  const lines = text.match(/^test result: .*$/gm);
  return lines === null ? null : fromWords(lines.join('\n'));
};

/** `go test -v`: one `--- PASS: TestName (0.00s)` for each */
const goTest: Reader = (text) => {
  const words = [...text.matchAll(/^ *--- (PASS|FAIL|SKIP): /gm)].map(([, word]) => word);
  const of = (name: string): number => words.filter((word) => word === name).length;
  return words.length === 0 ? null : sum(of('PASS'), of('FAIL'), of('SKIP'));
};

/** Top-level lines of plain TAP; tests that were planned but are missing have failed. */
const tap: Reader = (text) => {
  const plan = last(text, /^1\.\.\d+/gm);
  if (plan === undefined) return null;
  const points = [...text.matchAll(/^(ok|not ok)\b(.*)$/gm)];
  const isSkipped = (rest: string): boolean => /# *(skip|todo)\b/i.test(rest);
  const skipped = points.filter(([, , rest]) => isSkipped(rest ?? '')).length;
  const passed = points.filter(([, word, rest]) => word === 'ok' && !isSkipped(rest ?? '')).length;
  const failed = points.length - passed - skipped;
  return sum(passed, failed + Math.max(0, Number(plan.slice(3)) - points.length), skipped);
};

const PASSED = ['passed', 'passing'];
const FAILED = ['failed', 'failing', 'error', 'errors'];
const SKIPPED = ['skipped', 'pending', 'todo', 'ignored', 'xfailed', 'xpassed'];

/** Sums numbers that stand before a word. */
function fromWords(text: string): TestCounts {
  const found = [...text.matchAll(/(\d+) (\w+)/g)];
  const of = (names: string[]): number =>
    found.filter(([, , word]) => names.includes(word ?? '')).reduce((total, [, count]) => total + Number(count), 0);
  return sum(of(PASSED), of(FAILED), of(SKIPPED));
}

function sum(passed: number, failed: number, skipped: number): TestCounts {
  return { total: passed + failed + skipped, passed, failed, skipped };
}

function last(text: string, pattern: RegExp): string | undefined {
  return text.match(pattern)?.at(-1);
}
