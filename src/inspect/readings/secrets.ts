/**
 * Secrets in all that a change brings: lines, files, names, messages of commits. Plain data in and out. Pure.
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

/** Lines of one file that are beside each other; one text, since very many small things take long to hand over. */
export interface LinesOfFile {
  path: string;
  /** Of the first one, from 1. */
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

/** Added lines in their order, those beside each other as one text. */
export function runsOf(lines: readonly AddedLine[]): LinesOfFile[] {
  const runs: Array<{ path: string; line: number; rows: string[] }> = [];
  for (const { path, line, text } of lines) {
    const last = runs.at(-1);
    if (last?.path === path && last.line + last.rows.length === line) last.rows.push(text);
    else runs.push({ path, line, rows: [text] });
  }
  return runs.map(({ path, line, rows }) => ({ path, line, text: rows.join('\n') }));
}
