/**
 * Counts the lines of a diff between two commits, as `git diff --stat` does. Pure.
 */

export interface FileStat {
  path: string;
  added: number;
  removed: number;
}

export function statsOf(diff: string): FileStat[] {
  const files: FileStat[] = [];
  let isInHunk = false;
  for (const line of diff.split('\n')) {
    const path = /^diff --git a\/.* b\/(.*)$/.exec(line)?.[1];
    if (path !== undefined) files.push({ path, added: 0, removed: 0 });
    // Before the first hunk of a file, `---` and `+++` begin lines with file names.
    if (path !== undefined || line.startsWith('@@')) isInHunk = path === undefined;
    const file = files.at(-1);
    if (!isInHunk || file === undefined) continue;
    if (line.startsWith('+')) file.added++;
    if (line.startsWith('-')) file.removed++;
  }
  return files;
}

export function totalOf(files: FileStat[]): string {
  const [added, removed] = [sum(files.map((file) => file.added)), sum(files.map((file) => file.removed))];
  return `${count(files.length, 'file')} changed, ${count(added, 'insertion')}(+), ${count(removed, 'deletion')}(-)`;
}

/** Draws a bar of plus and minus signs, scaled so that the largest file fills `width`. */
export function signsOf(
  files: FileStat[],
  { added, removed }: FileStat,
  width: number,
): { plus: string; minus: string } {
  const largest = Math.max(1, ...files.map((file) => file.added + file.removed));
  const scale = Math.min(1, width / largest);
  const signs = (lines: number, sign: string) => sign.repeat(lines === 0 ? 0 : Math.max(1, Math.round(lines * scale)));
  return { plus: signs(added, '+'), minus: signs(removed, '-') };
}

/** Moves documentation to the end of the diff, since the summary shows only its beginning. */
export function codeFirst(diff: string): string {
  const sections = diff.split(/^(?=diff --git )/m);
  const isText = (section: string) => /^diff --git .*\.md\n/.test(section);
  return [...sections.filter((section) => !isText(section)), ...sections.filter(isText)].join('');
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
