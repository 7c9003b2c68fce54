/**
 * Prints the result of each shape when it ends, and writes the dated table of `--write` to docs/works-with.md.
 */
import type { ShapeResult } from './run-shape';
import { cellText, runDetails, writeSection } from './sections';

export function printRow({ name, result, seconds, paidCalls, note }: ShapeResult): void {
  const cells = [result === 'wrong' ? '!!' : '  ', result.padEnd(34), `${seconds.toFixed(1).padStart(6)} s`];
  process.stdout.write(`${[...cells, `${String(paidCalls).padStart(3)} calls`, name].join('  ')}\n`);
  if (note !== '') process.stdout.write(`      ${note.replaceAll('\n', '\n      ')}\n`);
}

export function printTotals(ran: readonly ShapeResult[], seconds: number): void {
  process.stdout.write(`\n${totals(ran)}; ${seconds.toFixed(0)} s\n`);
}

export function writeTable(ran: readonly ShapeResult[], seconds: number): void {
  writeSection('shapes', tableOf(ran, seconds));
}

function tableOf(ran: readonly ShapeResult[], seconds: number): string {
  const rows = ran.map(
    ({ name, result, seconds, paidCalls, note }) =>
      `| ${name} | ${result === 'wrong' ? '**wrong**' : result} | ${seconds.toFixed(0)} | ${paidCalls} | ${cellText(note)} |`,
  );
  return `## Shapes

Repositories of these shapes were each built end to end by \`npm run works-with\`: a mock model, one sentence, no \`commands\`.
${totals(ran)}. ${runDetails()}; ${seconds.toFixed(0)} s in all.

"Not available here": a toolchain of the shape is not on the machine. "Calls" are the model calls that a provider would have charged for.

| shape | result | seconds | calls | note |
|---|---|---|---|---|
${rows.join('\n')}`;
}

function totals(ran: readonly ShapeResult[]): string {
  const count = (result: ShapeResult['result']): number => ran.filter((one) => one.result === result).length;
  return [
    `${ran.length} shapes: ${count('complete')} complete`,
    `${count('stopped before the first paid call')} stopped before the first paid call with the true reason`,
    `${count('wrong')} wrong`,
    `${count('not available here')} not available here`,
  ].join(', ');
}
