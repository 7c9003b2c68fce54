/**
 * Prints a table for each bench, and a table of all figures at the end.
 */
import type { Figure, Sheet } from './figures';

export function printSheet(name: string, sheet: Sheet, seconds: number): void {
  write(`\n${name}: ${sheet.title} (${seconds.toFixed(0)} s)`);
  for (const note of sheet.notes) write(`  ${note}`);
  printTable(sheet.columns, sheet.rows);
}

export function printFigures(figures: readonly Figure[]): void {
  write('\nFigures');
  printTable(
    ['figure', 'aim', 'reached', 'holds'],
    figures.map(({ figure, aim, reached, holds, kind }) => [
      figure,
      aim,
      reached,
      holds ? 'yes' : kind === 'correctness' ? 'NO (fails the run)' : 'no',
    ]),
  );
}

function printTable(columns: readonly string[], rows: readonly string[][]): void {
  const all = [columns, ...rows];
  const widths = columns.map((_, index) => Math.max(...all.map((row) => (row[index] ?? '').length)));
  const show = (row: readonly string[]) =>
    write(`  ${widths.map((width, index) => (row[index] ?? '').padEnd(width)).join('  ')}`.trimEnd());
  show(columns);
  show(widths.map((width) => '-'.repeat(width)));
  for (const row of rows) show(row);
}

function write(line: string): void {
  process.stdout.write(`${line}\n`);
}
