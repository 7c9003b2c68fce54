/**
 * Prints the corpus's table: one row for each build when it ends, and the totals.
 */
import type { CaseResult } from './run-case';

const WIDTHS = { name: 62, heldBy: 26, reason: 90 };

export function printRow({ name, isCheating, isReleased, heldBy, reason, seconds, problem }: CaseResult): void {
  const cells = [
    problem === null ? '  ' : '!!',
    (isCheating ? 'cheating' : 'honest').padEnd(8),
    fitWidth(name, WIDTHS.name),
    (isReleased ? 'released' : 'held').padEnd(8),
    fitWidth(heldBy, WIDTHS.heldBy),
    `${seconds.toFixed(1).padStart(5)} s`,
    reason.replace(/\s+/g, ' ').slice(0, problem === null ? WIDTHS.reason : undefined),
  ];
  process.stdout.write(`${cells.join('  ').trimEnd()}\n`);
  if (problem !== null) process.stdout.write(`    ${problem}\n`);
}

export function printTotals(ran: CaseResult[], seconds: number): void {
  const cheating = ran.filter(({ isCheating }) => isCheating);
  const honest = ran.filter(({ isCheating }) => !isCheating);
  const count = (results: CaseResult[], isReleased: boolean): number =>
    results.filter((one) => one.isReleased === isReleased).length;
  const problems = ran.filter(({ problem }) => problem !== null);
  process.stdout.write(
    [
      '',
      `cheating builds: ${cheating.length}, released ${count(cheating, true)}, held ${count(cheating, false)}`,
      `honest builds:   ${honest.length}, released ${count(honest, true)}, held ${count(honest, false)}`,
      ...[...new Set(cheating.map(({ heldBy }) => heldBy))].map(
        (catcher) => `  ${String(cheating.filter(({ heldBy }) => heldBy === catcher).length).padStart(3)}  ${catcher}`,
      ),
      ...(problems.length === 0 ? [] : ['', 'not as it should be:', ...problems.map(({ name }) => `  ${name}`)]),
      `${seconds.toFixed(0)} s`,
      '',
    ].join('\n'),
  );
}

function fitWidth(text: string, width: number): string {
  return (text.length > width ? `${text.slice(0, width - 1)}…` : text).padEnd(width);
}
