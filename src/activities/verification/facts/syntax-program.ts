/**
 * The program that parses changed files inside the sandbox: all of them in one run, and none is executed.
 *
 * It is `sandbox-programs/syntax.cjs`; it and its input are laid into the empty folder that the run begins in.
 */
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface SyntaxFile {
  path: string;
  text: string;
  /** `either`: a script or a module, as node itself would try. */
  goal: 'module' | 'either' | 'python';
}
export interface SyntaxProblem {
  path: string;
  line: number | null;
  message: string;
}

/** Four levels up from the sources and from the compiled files alike. */
const PROGRAMS = join(__dirname, '..', '..', '..', '..', 'sandbox-programs');

export const SYNTAX_COMMAND = ['node', '--no-warnings', '--experimental-vm-modules', 'syntax.cjs'];

export async function layOutSyntax(folder: string, files: SyntaxFile[]): Promise<void> {
  for (const name of ['syntax.cjs', 'syntax.py']) await copyFile(join(PROGRAMS, name), join(folder, name));
  await writeFile(join(folder, 'files.json'), JSON.stringify(files));
}

/** Undefined where the program did not get to its end. */
export function readSyntax(output: string): SyntaxProblem[] | undefined {
  const line = output.split('\n').find((row) => row.startsWith('syntax '));
  return line === undefined ? undefined : (JSON.parse(line.slice('syntax '.length)) as SyntaxProblem[]);
}
