/**
 * The sections of git's unified diff by path, for texts that a person judges. A file's own lines cannot forge a section.
 */
import type { PathChange } from './tampering';

const DIFF_LIMIT_CHARS = 100_000;

/**
 * Lines end at a line feed alone: a pattern with the flag `m` would also begin a line after U+2028, which a changed file may
 * hold in order to show a forged difference in the place of the real one.
 */
export function diffsByPath(diff: string): Map<string, string> {
  const sections = diff.split(/(?<=\n)(?=diff --git )/).filter((section) => section.startsWith('diff --git '));
  return new Map(sections.flatMap((section) => pathsOf(section).map((path) => [path, section] as const)));
}

/** All sections of one path, in their order: a file that became a link has two. Empty where there is none. */
export function sectionsOf(diff: string, path: string): string {
  const sections = diff.split(/(?<=\n)(?=diff --git )/);
  return sections.filter((section) => pathsOf(section).includes(path)).join('');
}

/** The last line of a difference that a limit cut; no line of a file can be the same, since it has a sign before it. */
export function cutDiffLine(bytes: number): string {
  return `[cut: the difference is longer than ${bytes} bytes]`;
}

/** What stands before `cutDiffLine`: its last section may have lost its end. Undefined for a difference that was not cut. */
export function beforeCut(diff: string): string | undefined {
  const line = /\n\[cut: the difference is longer than \d+ bytes\]\n$/.exec(diff.slice(-100))?.[0];
  return line === undefined ? undefined : diff.slice(0, diff.length - line.length + 1);
}

/** Before and after. Only what stands before the first hunk is git's: in a hunk, any file can hold a line like these. */
function pathsOf(section: string): string[] {
  const [header = ''] = section.split('\n@@ ', 1);
  return header.split('\n').flatMap((line) => {
    const [, name] = /^(?:--- a\/|\+\+\+ b\/|(?:---|\+\+\+) (?="[ab]\/)|rename (?:from|to) )(.*)$/s.exec(line) ?? [];
    if (name !== undefined) return [unquoted(name)];
    // A binary file has no such lines, and no other name.
    const [, plain, quoted] = /^diff --git (?:a\/(.*) b\/\1|"a\/(.*)" "b\/\2")$/s.exec(line) ?? [];
    if (plain !== undefined) return [plain];
    return quoted === undefined ? [] : [unquoted(`"a/${quoted}"`)];
  });
}

/** Git ends a name that has a space in it with a tab, and writes one that has odd characters as a string of C. */
function unquoted(name: string): string {
  const [, quoted] = /^"(?:[ab]\/)?(.*)"\t?$/s.exec(name) ?? [];
  if (quoted === undefined) return name.replace(/\t$/, '');
  const control: Record<string, string> = { a: '\x07', b: '\b', t: '\t', n: '\n', v: '\v', f: '\f', r: '\r' };
  return quoted.replace(/\\(?:([0-7]{3})|(.))/gs, (_whole, octal?: string, letter = '') =>
    octal === undefined ? (control[letter] ?? letter) : String.fromCharCode(parseInt(octal, 8)),
  );
}

/** What no text shows is said to be so: an empty difference would look harmless. */
export function shownDiff(
  section: string | undefined,
  { before, after }: Pick<PathChange, 'before' | 'after'>,
): string {
  if (section !== undefined) return cut(section);
  return before === after ? '' : '[not shown: renamed, binary, or beyond the limit of a difference; the commit has it]';
}

function cut(text: string): string {
  if (text.length <= DIFF_LIMIT_CHARS) return text;
  return `${text.slice(0, DIFF_LIMIT_CHARS)}\n[cut: ${text.length - DIFF_LIMIT_CHARS} more characters; the commit has them]`;
}
