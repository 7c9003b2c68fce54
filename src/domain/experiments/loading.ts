/**
 * Creates a break of a whole file, so that it cannot be loaded or compiled: every run that uses the file notices it. Pure.
 */
import type { Unit } from './units';

const THROWING_LINES: ReadonlyArray<readonly [files: RegExp, end: string]> = [
  [/\.(?:[cm]?[jt]sx?)$/i, ';throw new Error("broken");'],
  [/\.pyw?$/i, 'raise RuntimeError("broken")'],
  [/\.(?:rb|rake)$/i, 'raise "broken"'],
  [/\.(?:vue|svelte|html?)$/i, '<script>throw new Error("broken");</script>'],
];
/** A syntax error in every language. */
const SYNTAX_ERROR = ')]} broken ({[ "';

export function createLoadBreak(path: string, text: string, line: number): Unit {
  const end = THROWING_LINES.find(([files]) => files.test(path))?.[1] ?? SYNTAX_ERROR;
  const at = text.length;
  const edit = { from: at, to: at, text: `${text.endsWith('\n') ? '' : '\n'}${end}\n` };
  return { path, line, kind: 'statement', owner: null, says: 'the file cannot be loaded', edit, mark: 'load' };
}
