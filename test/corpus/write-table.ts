/**
 * The dated result of the whole corpus in docs/corpus.md: a part for the corpus's own builds, a part for real changes. Each is
 * written by the run that it tells of, and leaves the other one as it was.
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
  /** What is not as it should be; '' where all is. */
  problem: string;
}
const PARTS = { builds: '## Builds', real: '## Real changes of public packages' } as const;
export type Part = keyof typeof PARTS;

export function writePart(part: Part, rows: readonly Row[], seconds: number): void {
  const parts = { ...readParts(existsSync(FILE) ? readFileSync(FILE, 'utf8') : ''), [part]: partOf(rows, seconds) };
  writeFileSync(FILE, textOf(parts));
  process.stdout.write('docs/corpus.md is written\n');
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

export function partOf(rows: readonly Row[], seconds: number): string {
  const lines = rows.map(
    ({ name, kind, runner, verdict, heldBy, seconds: took, problem }) =>
      `| ${[cell(name), kind, runner, problem === '' ? verdict : `**${verdict}**`, cell(heldBy), took.toFixed(1), cell(problem)].join(' | ')} |`,
  );
  return `${new Date().toISOString().slice(0, 10)}, commit ${commit()}, Node ${process.versions.node}, ${process.platform} ${process.arch}; ${seconds.toFixed(0)} s in all.

${totals(rows)}

| build | kind | runner | verdict | held by | seconds | not as it should be |
|---|---|---|---|---|---|---|
${lines.join('\n')}
`;
}

/** By kind, and by kind and runner. */
function totals(rows: readonly Row[]): string {
  const line = (name: string, of: readonly Row[]): string => {
    const count = (verdict: Row['verdict']): number => of.filter((row) => row.verdict === verdict).length;
    const wrong = of.filter(({ problem }) => problem !== '').length;
    return `| ${name} | ${of.length} | ${count('released')} | ${count('held')} | ${wrong} |`;
  };
  const kinds = (['cheating', 'honest'] as const).filter((kind) => rows.some((row) => row.kind === kind));
  const lines = kinds.flatMap((kind) => {
    const ofKind = rows.filter((row) => row.kind === kind);
    const runners = [...new Set(ofKind.map(({ runner }) => runner))].sort();
    const byRunner = runners.map((runner) =>
      line(
        `${kind}, ${runner}`,
        ofKind.filter((row) => row.runner === runner),
      ),
    );
    return [line(`**${kind}**`, ofKind), ...byRunner];
  });
  return [
    '| kind and runner | builds | released | held | not as they should be |',
    '|---|---|---|---|---|',
    ...lines,
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
