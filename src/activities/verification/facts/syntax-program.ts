/**
 * Prepares the program that parses the changed files in the sandbox, all in one run and without executing them.
 *
 * The program is `sandbox-programs/syntax.cjs`; it and its input are copied into the empty folder of the run.
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

/** The repository's root is four levels up, both from the source file and from the compiled file. */
const PROGRAMS = join(__dirname, '..', '..', '..', '..', 'sandbox-programs');

export const SYNTAX_COMMAND = ['node', '--no-warnings', '--experimental-vm-modules', 'syntax.cjs'];

export async function layOutSyntax(folder: string, files: SyntaxFile[]): Promise<void> {
  for (const name of ['syntax.cjs', 'syntax.py']) await copyFile(join(PROGRAMS, name), join(folder, name));
  await writeFile(join(folder, 'files.json'), JSON.stringify(files));
}

/** Reads the program's result; undefined where the program did not finish. */
export function readSyntax(output: string): SyntaxProblem[] | undefined {
  const line = output.split('\n').find((row) => row.startsWith('syntax '));
  return line === undefined ? undefined : (JSON.parse(line.slice('syntax '.length)) as SyntaxProblem[]);
}
