/**
 * Splits git's unified diff into sections by path, for texts that a person judges. The content of a file cannot forge a section.
 */
import type { PathChange } from './tampering';

const DIFF_LIMIT_CHARS = 100_000;

/**
 * Splits only at line feeds: a regular expression with the flag `m` would also split after U+2028, and a changed file could use
 * that to show a forged diff instead of the real one.
 */
export function diffsByPath(diff: string): Map<string, string> {
  const sections = diff.split(/(?<=\n)(?=diff --git )/).filter((section) => section.startsWith('diff --git '));
  return new Map(sections.flatMap((section) => pathsOf(section).map((path) => [path, section] as const)));
}

/** Returns all sections of one path, in order: a file that became a link has two. Empty if there is none. */
export function sectionsOf(diff: string, path: string): string {
  const sections = diff.split(/(?<=\n)(?=diff --git )/);
  return sections.filter((section) => pathsOf(section).includes(path)).join('');
}

/** The last line of a diff that was cut at a limit. A file's own lines cannot equal it, since each has a sign before it. */
export function cutDiffLine(bytes: number): string {
  return `[cut: the difference is longer than ${bytes} bytes]`;
}

/** Returns the diff without `cutDiffLine`; its last section may be incomplete. Undefined if the diff was not cut. */
export function withoutCutLine(diff: string): string | undefined {
  const line = /\n\[cut: the difference is longer than \d+ bytes\]\n$/.exec(diff.slice(-100))?.[0];
  return line === undefined ? undefined : diff.slice(0, diff.length - line.length + 1);
}

/** Returns the paths before and after the change. Reads only the header: inside a hunk, a file's text can imitate header lines. */
function pathsOf(section: string): string[] {
  const [header = ''] = section.split('\n@@ ', 1);
  return header.split('\n').flatMap((line) => {
    const [, name] = /^(?:--- a\/|\+\+\+ b\/|(?:---|\+\+\+) (?="[ab]\/)|rename (?:from|to) )(.*)$/s.exec(line) ?? [];
    if (name !== undefined) return [unquotePath(name)];
    // A binary file has no `---` and `+++` lines, and its name is the same on both sides.
    const [, plainName, quotedName] = /^diff --git (?:a\/(.*) b\/\1|"a\/(.*)" "b\/\2")$/s.exec(line) ?? [];
    if (plainName !== undefined) return [plainName];
    return quotedName === undefined ? [] : [unquotePath(`"a/${quotedName}"`)];
  });
}

/** Decodes a path: git ends a path with spaces by a tab, and writes unusual characters as a C string. */
function unquotePath(name: string): string {
  const [, quoted] = /^"(?:[ab]\/)?(.*)"\t?$/s.exec(name) ?? [];
  if (quoted === undefined) return name.replace(/\t$/, '');
  const controlCharacters: Record<string, string> = { a: '\x07', b: '\b', t: '\t', n: '\n', v: '\v', f: '\f', r: '\r' };
  return quoted.replace(/\\(?:([0-7]{3})|(.))/gs, (_whole, octal?: string, letter = '') =>
    octal === undefined ? (controlCharacters[letter] ?? letter) : String.fromCharCode(parseInt(octal, 8)),
  );
}

/** Returns the section, or a note that the change has no text diff: an empty diff would look harmless. */
export function shownDiff(
  section: string | undefined,
  { before, after }: Pick<PathChange, 'before' | 'after'>,
): string {
  if (section !== undefined) return limitLength(section);
  return before === after ? '' : '[not shown: renamed, binary, or beyond the limit of a difference; the commit has it]';
}

function limitLength(text: string): string {
  if (text.length <= DIFF_LIMIT_CHARS) return text;
  return `${text.slice(0, DIFF_LIMIT_CHARS)}\n[cut: ${text.length - DIFF_LIMIT_CHARS} more characters; the commit has them]`;
}
