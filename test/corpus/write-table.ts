/**
 * Writes the dated results to docs/corpus.md: a part for the corpus's own builds, a part for real changes.
 *
 * A run of all builds replaces its part; a run of some builds replaces their lines, each of which names the commit at which it
 * ran.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FILE = join(__dirname, '../../docs/corpus.md');
const NOTE_CHARS = 200;
const HEAD = `# The corpus

Whole builds against the gates, written by \`npm run corpus -- --write\`; the real changes by \`npm run corpus -- --real --write\`.
A cheating build must be held, an honest one released.
`;

export interface Row {
  name: string;
  kind: 'cheating' | 'honest';
  runner: string;
  verdict: 'released' | 'held';
  heldBy: string;
  seconds: number;
  /** What there is to say of the verdict. */
  note?: string;
  /** What is not as it should be; '' where all is. */
  problem: string;
}
const PARTS = { builds: '## Builds', real: '## Real changes of public packages' } as const;
export type Part = keyof typeof PARTS;

/** Cells of a line of the table, as they are written. */
export type Line = [name: string, kind: string, runner: string, verdict: string, ...rest: string[]];

export interface Run {
  rows: readonly Row[];
  seconds: number;
  /** Some builds were chosen: their lines take the place of older ones, and the others stay with the commit that they ran at. */
  isPartial: boolean;
}

export function writePart(part: Part, run: Run): void {
  const before = readParts(existsSync(FILE) ? readFileSync(FILE, 'utf8') : '');
  writeFileSync(FILE, textOf({ ...before, [part]: partOf(run, before[part] ?? '') }));
}

export function textOf(parts: Partial<Record<Part, string>>): string {
  const written = (Object.keys(PARTS) as Part[]).flatMap((part) =>
    parts[part] === undefined ? [] : [`${PARTS[part]}\n\n${parts[part].trim()}\n`],
  );
  return [HEAD, ...written].join('\n');
}

export function readParts(text: string): Partial<Record<Part, string>> {
  const found = (Object.keys(PARTS) as Part[]).flatMap((part) => {
    const start = text.indexOf(`${PARTS[part]}\n`);
    if (start < 0) return [];
    const rest = text.slice(start + PARTS[part].length);
    const end = rest.indexOf('\n## ');
    return [[part, (end < 0 ? rest : rest.slice(0, end)).trim()]];
  });
  return Object.fromEntries(found) as Partial<Record<Part, string>>;
}

const TABLE = `| build | kind | runner | verdict | held by | seconds | run | not as it should be |
|---|---|---|---|---|---|---|---|`;

export function partOf({ rows, seconds, isPartial }: Run, before: string): string {
  const at = `${new Date().toISOString().slice(0, 10)} ${commit()}`;
  const fresh = rows.map((row) => lineOf(row, at));
  const old = isPartial ? linesIn(before) : [];
  const byName = new Map([...old, ...fresh].map((line) => [`${line[0]} | ${line[2]}`, line]));
  const lines = [...byName.values()];
  return `Last written ${at}, Node ${process.versions.node}, ${process.platform} ${process.arch}: ${rows.length} of these builds in ${seconds.toFixed(0)} s. Column "run" has the day and the commit that each build ran at.

${totals(lines)}

${TABLE}
${lines.map((line) => `| ${line.join(' | ')} |`).join('\n')}
`;
}

function lineOf({ name, kind, runner, verdict, heldBy, seconds, note = '', problem }: Row, at: string): Line {
  const told = `${problem === '' ? verdict : `**${verdict}**`}${note === '' ? '' : ` (${note})`}`;
  return [cell(name), kind, runner, cell(told), cell(heldBy), seconds.toFixed(1), at, cell(problem)];
}

function linesIn(part: string): Line[] {
  const table = part.split(`${TABLE}\n`)[1] ?? '';
  return table
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map(
      (line) =>
        line
          .split(/(?<!\\)\|/)
          .slice(1, -1)
          .map((one) => one.trim()) as Line,
    );
}

/** By kind, and by kind and runner. */
function totals(lines: readonly Line[]): string {
  const total = (name: string, of: readonly Line[]): string => {
    const count = (verdict: Row['verdict']): number =>
      of.filter((line) => line[3].replace(/\*/g, '').startsWith(verdict)).length;
    const wrong = of.filter((line) => line[3].startsWith('**')).length;
    return `| ${name} | ${of.length} | ${count('released')} | ${count('held')} | ${wrong} |`;
  };
  const kinds = (['cheating', 'honest'] as const).filter((kind) => lines.some((line) => line[1] === kind));
  const counted = kinds.flatMap((kind) => {
    const ofKind = lines.filter((line) => line[1] === kind);
    const runners = [...new Set(ofKind.map((line) => line[2]))].sort();
    const byRunner = runners.map((runner) =>
      total(
        `${kind}, ${runner}`,
        ofKind.filter((line) => line[2] === runner),
      ),
    );
    return [total(`**${kind}**`, ofKind), ...byRunner];
  });
  return [
    '| kind and runner | builds | released | held | not as they should be |',
    '|---|---|---|---|---|',
    ...counted,
  ].join('\n');
}

/** One line, and nothing that a table or a page would read as its own. */
function cell(text: string): string {
  const line = text.replace(/\s+/g, ' ').replaceAll('|', '\\|').replaceAll('<', '&lt;');
  return line.length > NOTE_CHARS ? `${line.slice(0, NOTE_CHARS)}…` : line;
}

function commit(): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: __dirname, encoding: 'utf8' }).trim();
  const isChanged = git('status', '--porcelain', '--', '../../src', '../../works-with', '..') !== '';
  return `${git('rev-parse', '--short=12', 'HEAD')}${isChanged ? ' with uncommitted changes' : ''}`;
}
