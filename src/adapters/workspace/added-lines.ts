/**
 * Lists the lines that a change adds, with their numbers. Every file is read as text, so a NUL byte cannot hide lines.
 */
import type { AddedLine } from '../../ports/workspace';
import { pathFromBytes } from '../../inspect/path-bytes';
import { linesFromBytes } from '../../inspect/text-bytes';
import { checkCommit } from './repository';
import type { ProjectGit } from './repository';

const MAX_BYTES = 32 * 1024 * 1024;
const FLAGS = ['-r', '-p', '-U0', '--text', '--no-renames', '--no-color', '--no-ext-diff', '--no-textconv'];
/** Makes git quote paths with special bytes, so that a line end in a path cannot be taken for the end of the patch line. */
const QUOTE_PATHS = ['-c', 'core.quotePath=true'];

export async function addedLines(
  git: ProjectGit,
  from: string,
  to: string,
): Promise<{ lines: AddedLine[]; isWhole: boolean }> {
  const prefixes = ['--src-prefix=a/', '--dst-prefix=b/'];
  const args = ['diff-tree', ...FLAGS, ...prefixes, checkCommit(from), checkCommit(to)];
  const { stdout, wasCut } = await git([...QUOTE_PATHS, ...args], { maxBytes: MAX_BYTES, cut: true });
  return { lines: readPatch(linesFromBytes(stdout)), isWhole: !wasCut };
}

/** Reads the added lines of a patch. The hunk header gives the number of lines, so an added line that looks like a header counts. */
function readPatch(rows: string[]): AddedLine[] {
  const lines: AddedLine[] = [];
  let path = '';
  let nextLine = 0;
  let removedLeft = 0;
  let addedLeft = 0;
  for (const row of rows) {
    if (addedLeft > 0 && row.startsWith('+')) {
      lines.push({ path, line: nextLine, text: row.slice(1) });
      nextLine += 1;
      addedLeft -= 1;
    } else if (removedLeft > 0 && row.startsWith('-')) {
      removedLeft -= 1;
    } else if (row.startsWith('+++ ')) {
      path = pathOf(row.slice(4));
    } else {
      const hunk = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(row);
      if (hunk === null) continue;
      removedLeft = Number(hunk[1] ?? 1);
      nextLine = Number(hunk[2]);
      addedLeft = Number(hunk[3] ?? 1);
    }
  }
  return lines;
}

/** Reads a path as git writes it: `b/src/a.js`, or the same in quotes with C escapes; git adds a tab after a path with a space. */
function pathOf(name: string): string {
  if (!name.startsWith('"')) return name.replace(/^b\//, '').replace(/\t$/, '');
  const bytes: number[] = [];
  const body = name.slice(1, name.lastIndexOf('"'));
  for (const [, octal, escaped, plain] of body.matchAll(/\\([0-7]{3})|\\(.)|([^\\])/gs)) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8));
    else bytes.push(...Buffer.from(ESCAPES[escaped ?? ''] ?? escaped ?? plain ?? ''));
  }
  return pathFromBytes(Buffer.from(bytes)).replace(/^b\//, '');
}

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' };
