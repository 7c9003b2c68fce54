/**
 * Writes the dated results to docs/corpus.md: one part for the corpus's own builds, one for real changes.
 *
 * A run of all builds replaces its part. A run of some builds replaces their lines; each line names the commit at which its build ran.
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
  /** A remark on the verdict. */
  note?: string;
  /** Says how the end differs from what the case says; '' if it does not. */
  problem: string;
}
const PARTS = { builds: '## Builds', real: '## Real changes of public packages' } as const;
export type Part = keyof typeof PARTS;

/** The cells of one line of the table, as they are written. */
export type Line = [name: string, kind: string, runner: string, verdict: string, ...rest: string[]];

export interface Run {
  rows: readonly Row[];
  seconds: number;
  /** True if only some builds ran: their lines replace their older ones, and all other lines stay. */
  isPartial: boolean;
}

export function writePart(part: Part, run: Run): void {
  const oldParts = readParts(existsSync(FILE) ? readFileSync(FILE, 'utf8') : '');
  writeFileSync(FILE, textOf({ ...oldParts, [part]: partOf(run, oldParts[part] ?? '') }));
}

export function textOf(parts: Partial<Record<Part, string>>): string {
  const written = (Object.keys(PARTS) as Part[]).flatMap((part) =>
    parts[part] === undefined ? [] : [`${PARTS[part]}\n\n${parts[part].trim()}\n`],
  );
  return [HEAD, ...written].join('\n');
}

export function readParts(text: string): Partial<Record<Part, string>> {
  const foundParts = (Object.keys(PARTS) as Part[]).flatMap((part) => {
    const start = text.indexOf(`${PARTS[part]}\n`);
    if (start < 0) return [];
    const afterHeading = text.slice(start + PARTS[part].length);
    const end = afterHeading.indexOf('\n## ');
    return [[part, (end < 0 ? afterHeading : afterHeading.slice(0, end)).trim()]];
  });
  return Object.fromEntries(foundParts) as Partial<Record<Part, string>>;
}

const TABLE = `| build | kind | runner | verdict | held by | seconds | run | not as it should be |
|---|---|---|---|---|---|---|---|`;

export function partOf({ rows, seconds, isPartial }: Run, oldPart: string): string {
  const dateAndCommit = `${new Date().toISOString().slice(0, 10)} ${commitText()}`;
  const newLines = rows.map((row) => lineOf(row, dateAndCommit));
  const oldLines = isPartial ? linesIn(oldPart) : [];
  const byName = new Map([...oldLines, ...newLines].map((line) => [`${line[0]} | ${line[2]}`, line]));
  const lines = [...byName.values()];
  return `Last written ${dateAndCommit}, Node ${process.versions.node}, ${process.platform} ${process.arch}: ${rows.length} of these builds in ${seconds.toFixed(0)} s. Column "run" has the day and the commit that each build ran at.

${totalsTable(lines)}

${TABLE}
${lines.map((line) => `| ${line.join(' | ')} |`).join('\n')}
`;
}

function lineOf({ name, kind, runner, verdict, heldBy, seconds, note = '', problem }: Row, at: string): Line {
  const verdictText = `${problem === '' ? verdict : `**${verdict}**`}${note === '' ? '' : ` (${note})`}`;
  return [
    cellText(name),
    kind,
    runner,
    cellText(verdictText),
    cellText(heldBy),
    seconds.toFixed(1),
    at,
    cellText(problem),
  ];
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

/** Counts the lines by kind, and by kind and runner. */
function totalsTable(lines: readonly Line[]): string {
  const total = (name: string, countedLines: readonly Line[]): string => {
    const count = (verdict: Row['verdict']): number =>
      countedLines.filter((line) => line[3].replace(/\*/g, '').startsWith(verdict)).length;
    const wrong = countedLines.filter((line) => line[3].startsWith('**')).length;
    return `| ${name} | ${countedLines.length} | ${count('released')} | ${count('held')} | ${wrong} |`;
  };
  const kinds = (['cheating', 'honest'] as const).filter((kind) => lines.some((line) => line[1] === kind));
  const totalRows = kinds.flatMap((kind) => {
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
    ...totalRows,
  ].join('\n');
}

/** Makes a text safe for a table cell: one line, with Markdown characters escaped. */
function cellText(text: string): string {
  const line = text.replace(/\s+/g, ' ').replaceAll('|', '\\|').replaceAll('<', '&lt;');
  return line.length > NOTE_CHARS ? `${line.slice(0, NOTE_CHARS)}…` : line;
}

function commitText(): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: __dirname, encoding: 'utf8' }).trim();
  const isChanged = git('status', '--porcelain', '--', '../../src', '../../works-with', '..') !== '';
  return `${git('rev-parse', '--short=12', 'HEAD')}${isChanged ? ' with uncommitted changes' : ''}`;
}
