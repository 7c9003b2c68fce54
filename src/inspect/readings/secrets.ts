/**
 * Finds secrets in everything a change adds: lines, files, file names, commit messages. Takes and returns plain data. Pure.
 */
import type { ChangedFile, SecretFinding } from '../../domain/gates/facts';
import type { AddedLine } from '../../ports/workspace';
import { scanFiles } from '../secrets/secret-files';
import { scanMessages, scanNames, scanSecrets } from '../secrets/secrets';

export interface SearchedForSecrets {
  files: ChangedFile[];
  added: LinesOfFile[];
  messages: Array<{ commit: string; message: string }>;
}

/** Consecutive lines of one file as one text, because sending very many small values to a thread takes long. */
export interface LinesOfFile {
  path: string;
  /** The number of the first line; line numbers begin at 1. */
  line: number;
  text: string;
}

export function secretsIn({ files, added, messages }: SearchedForSecrets): SecretFinding[] {
  const lines = added.flatMap(({ path, line, text }) =>
    text.split('\n').map((row, at): AddedLine => ({ path, line: line + at, text: row })),
  );
  const names = files.filter(({ status }) => status !== 'deleted').map(({ path }) => path);
  return [...scanSecrets(lines), ...scanFiles(files, lines), ...scanNames(names), ...scanMessages(messages)];
}

/** Joins consecutive added lines to one text each, in their order. */
export function joinConsecutive(lines: readonly AddedLine[]): LinesOfFile[] {
  const runs: Array<{ path: string; line: number; rows: string[] }> = [];
  for (const { path, line, text } of lines) {
    const last = runs.at(-1);
    if (last?.path === path && last.line + last.rows.length === line) last.rows.push(text);
    else runs.push({ path, line, rows: [text] });
  }
  return runs.map(({ path, line, rows }) => ({ path, line, text: rows.join('\n') }));
}
