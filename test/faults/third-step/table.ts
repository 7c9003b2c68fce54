/**
 * The dated table of the kills in the third step: each run prints it; WRITE_RESULT=1 writes it to docs/chaos.md.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PHASE_OWNER, ROLE_TITLE } from '../../../src/domain/roles';
import type { ThirdStepCounts } from './audit';

export interface Row extends ThirdStepCounts {
  /** The state in which its build ended. */
  endState: string;
}

const FILE = join(__dirname, '../../../docs/chaos.md');
const COLUMNS = [
  'role',
  'phase',
  'killed',
  'answer stored',
  'step',
  'asked',
  'answered in whole',
  'asked again',
  'build',
];

export function printTable(all: readonly Row[]): void {
  const rows = [COLUMNS, ...all.map(cellsOf)];
  const widths = COLUMNS.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  process.stdout.write(`\n${lines.join('\n')}\n${totalsOf(all)}\n`);
}

export function writeTable(all: readonly Row[]): void {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  writeFileSync(
    FILE,
    `# Kills

The worker is killed with -9 in the third step of every role, and another one is started. Written by
\`WRITE_RESULT=1 npm run test:chaos -- --testPathPatterns third-step\`: a real Temporal server, the real worker, git and sandbox; the
model is a mock behind HTTP that streams and keeps the books of what it was asked.

${totalsOf(all)} ${new Date().toISOString().slice(0, 10)}, commit ${commit()}, Node ${process.versions.node}, ${process.platform} ${process.arch}.

"Answer stored": it was on disk when the worker was dead; such a call must not be asked again. "Step": whether the activity of the step
had ended by then. "Answered in whole": answers that left the model to their last byte, which a provider charges. A call is asked again
only where its answer was not stored, with the same \`Idempotency-Key\` and the same body: a provider that honours the key charges it once, another one
twice. \`usage\` counts each step once.

${[line(COLUMNS), line(COLUMNS.map(() => '---')), ...all.map((one) => line(cellsOf(one)))].join('\n')}
`,
  );
}

function totalsOf(all: readonly Row[]): string {
  const stored = all.filter(({ isStored }) => isStored);
  const again = stored.filter(({ requestCount }) => requestCount > 1).length;
  const twice = all.filter(({ answeredCount }) => answeredCount > 1).length;
  return `${all.length} kills: ${stored.length} after the answer was stored, of which ${again} were asked again; ${all.length - stored.length} before, of which ${twice} had been answered in whole and were asked again with the same key.`;
}

function cellsOf({
  phase,
  moment,
  isStored,
  isUnderWay,
  requestCount,
  answeredCount,
  keys,
  bodies,
  endState,
}: Row): string[] {
  const isSame = keys === 1 && bodies === 1;
  const repetition =
    requestCount === 1 ? 'no' : isSame ? 'yes, same key and body' : `yes, ${keys} keys and ${bodies} bodies`;
  const when = moment === 'tool' || moment === 'finish' ? `while the ${moment} is processed` : moment;
  return [
    ...[ROLE_TITLE[PHASE_OWNER[phase]], phase, when, isStored ? 'yes' : 'no', isUnderWay ? 'under way' : 'ended'],
    ...[String(requestCount), String(answeredCount), repetition, endState],
  ];
}

function commit(): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: __dirname, encoding: 'utf8' }).trim();
  const isChanged = git('status', '--porcelain', '--', '../../../src', '../..') !== '';
  return `${git('rev-parse', '--short=12', 'HEAD')}${isChanged ? ' with uncommitted changes' : ''}`;
}
