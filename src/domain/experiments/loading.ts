/**
 * A break of a whole file: it cannot be loaded, or not be compiled. Whatever notices it has the file in its run. Pure.
 */
import type { Unit } from './units';

const ENDS: ReadonlyArray<readonly [files: RegExp, end: string]> = [
  [/\.(?:[cm]?[jt]sx?)$/i, ';throw new Error("broken");'],
  [/\.pyw?$/i, 'raise RuntimeError("broken")'],
  [/\.(?:rb|rake)$/i, 'raise "broken"'],
  [/\.(?:vue|svelte|html?)$/i, '<script>throw new Error("broken");</script>'],
];
/** No language reads it. */
const NO_CODE = ')]} broken ({[ "';

export function unloadable(path: string, text: string, line: number): Unit {
  const end = ENDS.find(([files]) => files.test(path))?.[1] ?? NO_CODE;
  const at = text.length;
  const edit = { from: at, to: at, text: `${text.endsWith('\n') ? '' : '\n'}${end}\n` };
  return { path, line, kind: 'statement', owner: null, says: 'the file cannot be loaded', edit, mark: 'load' };
}
