/**
 * Finds golden files: files with which a test compares its results, and which it writes itself if they are missing. A golden
 * file in the commit is evidence; if the commit has none, the run compares a result with itself. Pure.
 *
 * It reads lines: the test checks whether a file exists, writes it within a few lines, and compares with it under the same name.
 */
import { literal } from '../../domain/literal';

/** A file that the test run writes if the commit does not have it. */
export interface Golden {
  line: number;
  /** The end of the file's path; the test compares with the commit's file of that name. Null if the text does not name it. */
  file: string | null;
}

const LINE_CHARS = 400;
const NEAR_LINES = 6;
const CODE = /\.(?:[cm]?[jt]sx?|py|rb|php|go|rs|java|cs)$/;
/** Signs that a line handles a missing file. */
const MISSING_CASE =
  /(?:!|\bnot\s|\bunless\b|\b[iI]s_?[nN]ot_?[eE]xist|\bErrNotExist|\bnotExists|\bcatch\b|\bexcept\b|\brescue\b|\|\||\bor\b|==\s{0,3}false|===\s{0,3}false)/;
/** Calls that check whether a file exists. */
const EXISTENCE_CALL =
  /\bexist\?|\b(?:existsSync|exists|isfile|is_file|file_exists|Exists|IsNotExist|ErrNotExist|notExists|access|accessSync|statSync|Stat|catch|except|rescue)\b/;
const WRITES =
  /\b(?:writeFileSync|writeFile|write_text|write_bytes|WriteFile|WriteAllText|file_put_contents|writeString|outputFileSync|writeJsonSync|File\.write|Files\.write|fs::write|json\.dump|Bun\.write|writeTextFile(?:Sync)?)\b|\bopen\([^)\n]{0,80}["'][wx]b?\+?["']/;
const READS =
  /\b(?:readFileSync|readFile|read_text|read_bytes|ReadFile|ReadAllText|file_get_contents|readString|readAllBytes|File\.read|fs::read(?:_to_string)?|json\.load|Bun\.file|readTextFile(?:Sync)?|readJsonSync|require)\b|\bopen\(/;
const COMPARES = /\b(?:assert\w*|expect|should|t\.(?:is|deepEqual|same)|equals?|toBe|Equal|eq)\b|assert(?:_eq)?!|==/;
const EXPECTED_NAME = /golden|snapshot|approved|expected|baseline|reference|\bwant/i;
const NAME = /[$@]?[A-Za-z_]\w*/g;

export function goldensIn(path: string, text: string, changed: ReadonlySet<number>): Golden[] {
  if (!CODE.test(path) || !WRITES.test(text.slice(0, 400_000))) return [];
  const lines = text.split('\n').map((line) => line.slice(0, LINE_CHARS));
  return lines.flatMap((written, at) => {
    if (!changed.has(at + 1) || !WRITES.test(written)) return [];
    const checks = lines.slice(Math.max(0, at - NEAR_LINES), at + 1).filter((line) => EXISTENCE_CALL.test(line));
    if (!checks.some((line) => MISSING_CASE.test(line))) return [];
    const checkText = checks.join('\n');
    const isChecked = (one: string): boolean => isIn(one, checkText) || isReadInTry(one, { lines, at, checkText });
    const name = namesIn(written).find((one) => isChecked(one) && isCompared(one, lines));
    return name === undefined ? [] : [{ line: at + 1, file: fileOf(name, lines) }];
  });
}

/** True if the code reads the file of that name in a `try`, and writes it if reading fails. */
function isReadInTry(
  name: string,
  { lines, at, checkText }: { lines: string[]; at: number; checkText: string },
): boolean {
  if (!/\b(?:catch|except|rescue)\b/.test(checkText)) return false;
  return lines.slice(Math.max(0, at - NEAR_LINES), at).some((line) => READS.test(line) && isIn(name, line));
}

/** True if the code compares the file's content, or assigns it to a name such as `expected`. */
function isCompared(name: string, lines: readonly string[]): boolean {
  const reads = lines.filter((line) => READS.test(line) && !WRITES.test(line) && isIn(name, line));
  return reads.some((line) => {
    if (COMPARES.test(line) || EXPECTED_NAME.test(line)) return true;
    const target = /([$@]?[A-Za-z_]\w*)\s{0,3}(?::\s{0,3}\w{1,30}\s{0,3})?(?::=|,\s{0,3}\w{1,20}\s{0,3}:=|=)(?!=)/.exec(
      line,
    )?.[1];
    return target !== undefined && lines.some((other) => other !== line && COMPARES.test(other) && isIn(target, other));
  });
}

/** Names of libraries and functions, which name no file. */
const LIBRARY_NAME =
  /^(?:fs|os|json|JSON|File|Files|stringify|dumps?|write\w*|Write\w*|open|await|return|unless|if|not|or|file_put_contents|file_exists|to_s|encode|utf8|utf|test|std|Path|Paths|exists?\w*|Bun|Deno|node|self|this|err|nil|error|expect|assert)$/;

function namesIn(line: string): string[] {
  return (line.replace(/\bpath\.\w/g, '(').match(NAME) ?? []).filter((name) => !LIBRARY_NAME.test(name));
}

function isIn(name: string, text: string): boolean {
  return text.match(NAME)?.some((one) => one === name) ?? false;
}

/** Returns the last string with a file extension in the lines that assign the name. */
function fileOf(name: string, lines: readonly string[]): string | null {
  const escaped = literal(name);
  const assigns = new RegExp(`(?:^|[^\\w$@.])${escaped}\\s{0,3}(?::\\s{0,3}[\\w.]{1,30}\\s{0,3})?(?::=|=)(?!=)`);
  const assignments = lines.filter((line) => assigns.test(line)).join(' ');
  const texts = assignments.match(/["'`][^"'`\n]{1,200}["'`]/g) ?? [];
  const file = texts.map((one) => one.slice(1, -1)).findLast((one) => /\.\w{1,12}$/.test(one) && !/[${}%*]/.test(one));
  return file === undefined ? null : (file.split('/').at(-1) ?? file);
}

const SNAPSHOTS = /\.(?:toMatchSnapshot|toThrowErrorMatchingSnapshot|toMatchImageSnapshot)\(/;

/** Returns the line of the first changed snapshot of jest or vitest in a separate file; undefined if there is none. */
export function snapshotIn(path: string, text: string, changed: ReadonlySet<number>): number | undefined {
  if (!/\.[cm]?[jt]sx?$/.test(path) || !SNAPSHOTS.test(text) || /@playwright\/test/.test(text)) return undefined;
  const at = text.split('\n').findIndex((line, row) => changed.has(row + 1) && SNAPSHOTS.test(line));
  return at === -1 ? undefined : at + 1;
}
