/**
 * Writes the generated sections of docs/works-with.md. Each stands between two marks, so that one can be rewritten alone.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROLES, ROLE_TITLE } from '../src/domain/roles';
import { totalOf } from './engineer/run-engineers';
import type { EngineerRow } from './engineer/run-engineer';
import type { IntentCounts, IntentRow } from './intents/run-intents';
import { OLD_COMMIT } from './intents/run-intents';
import { failuresIn } from './models/check-models';
import type { ProviderRow } from './models/check-models';
import { ROWS } from './models/provider-rows';
import type { MalformedBuild } from './models/run-malformed';

const FILE = join(__dirname, '../docs/works-with.md');
const NOTE_CHARS = 300;
type Section = 'shapes' | 'engineers' | 'intents' | 'models' | 'builds';

/** Replaces one section; the other sections stay as they are. */
export function writeSection(section: Section, text: string): void {
  const oldPage = readFileSync(FILE, 'utf8');
  const [begin, end] = [`<!-- ${section} -->`, `<!-- end of ${section} -->`];
  const from = oldPage.indexOf(begin);
  const to = oldPage.indexOf(end);
  const written = `${begin}\n\n${text.trim()}\n\n${end}`;
  const newPage =
    from < 0 || to < from
      ? `${oldPage.trimEnd()}\n\n${written}\n`
      : oldPage.slice(0, from) + written + oldPage.slice(to + end.length);
  writeFileSync(FILE, newPage);
  process.stdout.write(`docs/works-with.md: ${section} is written\n`);
}

/** `2026-11-27, commit 0c87d496a1b2, Node 20.20.2, linux x64` */
export function runDetails(): string {
  const today = new Date().toISOString().slice(0, 10);
  return `${today}, commit ${commit()}, Node ${process.versions.node}, ${process.platform} ${process.arch}`;
}

/** Makes a note safe for a table cell: one line, with Markdown characters escaped. */
export function cellText(note: string): string {
  const line = note.replace(/\s+/g, ' ').replaceAll('|', '\\|').replaceAll('<', '&lt;');
  return line.length > NOTE_CHARS ? `${line.slice(0, NOTE_CHARS)}…` : line;
}

export function engineersText(rows: readonly EngineerRow[]): string {
  const lines = rows.map((row) => {
    const calls = `${totalOf(row)} (${ROLES.map((role) => row.calls[role]).join(' + ')})`;
    const notes = [row.note, ...row.errors.map((error) => `tool: ${error}`)].filter((note) => note !== '').join('; ');
    const figures = [row.files, calls, Math.round(row.requestBytes / 1_024), row.seconds.toFixed(0)];
    return `| ${row.package} | ${figures.join(' | ')} | ${cellText(row.outcome)} | ${cellText(notes)} |`;
  });
  const complete = rows.filter(({ outcome }) => /^complete(;|$)/.test(outcome)).length;
  return `## Mock engineers

Scripts for published packages, written before the tools were coded (\`works-with/engineers\`), each played as a whole build over HTTP by \`npm run works-with -- --engineers\`: ${complete} of ${rows.length} complete. ${runDetails()}.

Calls by role: ${ROLES.map((role) => ROLE_TITLE[role]).join(' + ')}. KB are those of all request bodies.

| package | files | calls | KB | seconds | outcome | note |
|---|---|---|---|---|---|---|
${lines.join('\n')}`;
}

export function intentsText(rows: readonly IntentRow[]): string {
  const sum = (figureOf: (row: IntentRow) => number): number => rows.reduce((total, row) => total + figureOf(row), 0);
  const total = (age: 'old' | 'now', of: keyof Pick<IntentCounts, 'bytes' | 'newBytes' | 'calls'>): number =>
    sum((row) => row[age][of]);
  const ratio = (now: number, old: number): string => (now / old).toFixed(2);
  const lineOf = (name: string, [oldCalls, old, oldNew, calls, now, nowNew]: number[]): string =>
    `| ${name} | ${oldCalls} | ${old} | ${calls} | ${now} | ${ratio(now ?? 0, old ?? 1)} | ${oldNew} | ${nowNew} |`;
  const lines = rows.map(({ id, old, now }) =>
    lineOf(id, [old.calls, old.bytes, old.newBytes, now.calls, now.bytes, now.newBytes]),
  );
  const all = (['old', 'now'] as const).flatMap((age) => [
    total(age, 'calls'),
    total(age, 'bytes'),
    total(age, 'newBytes'),
  ]);
  return `## Intents

The same 20 intents in a repository of 5,000 files with one of 338 KB, as conversations of the Code Writer until it finishes: with the tools of commit ${OLD_COMMIT}, and now. Bytes are those of all request bodies; "uncached" is what a cache of prefixes leaves to pay. By \`npm run works-with -- --intents\`. ${runDetails()}.

| intent | old calls | old bytes | calls | bytes | ratio | old uncached | uncached |
|---|---|---|---|---|---|---|---|
${lines.join('\n')}
${lineOf('**total**', all)}`;
}

export function modelsText(rows: readonly ProviderRow[]): string {
  const word = { passes: 'passes', 'does not apply': '–', fails: '**fails**' };
  const lines = rows.map(
    ({ provider, results }) =>
      `| ${provider} | ${ROWS.map((row) => word[results[row]?.result ?? 'fails']).join(' | ')} |`,
  );
  const failures = failuresIn(rows).map((failure) => `- ${cellText(failure)}`);
  return `## Providers by the rows of misbehaving models

Each provider's adapter against a mock of its own protocol, by \`npm run works-with -- --models\`. ${runDetails()}. "–": the row does not apply, because the protocol has no such thing, or (M11, M12, M16) because the row is about no protocol.

| provider | ${ROWS.join(' | ')} |
|---|${'---|'.repeat(ROWS.length)}
${lines.join('\n')}${failures.length === 0 ? '' : `\n\n${failures.join('\n')}`}`;
}

export function buildsText(builds: readonly MalformedBuild[]): string {
  const lines = builds.map(({ row, outcome, paid, countedCalls, seconds, message }) => {
    const calls = [
      paid.coder,
      paid.all,
      paid.all === countedCalls ? countedCalls : `**${countedCalls}**`,
      seconds.toFixed(0),
    ];
    return `| ${row} | ${outcome} | ${calls.join(' | ')} | ${cellText(message)} |`;
  });
  return `## Whole builds with such a model

A tiny repository; the Code Writer's model behaves as the row says, over HTTP, and the other roles behave. By \`npm run works-with -- --models\`. ${runDetails()}.

"Paid" are the answers that a provider charges for: of the Code Writer, and of all roles; "counted" is what the build says of them.

| row | outcome | paid, Code Writer | paid, all | counted | seconds | reason |
|---|---|---|---|---|---|---|
${lines.join('\n')}`;
}

function commit(): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: __dirname, encoding: 'utf8' }).trim();
  const isChanged = git('status', '--porcelain', '--', '../src', '../works-with') !== '';
  return `${git('rev-parse', '--short=12', 'HEAD')}${isChanged ? ' with uncommitted changes' : ''}`;
}
