/**
 * Finds the lines of several texts in which a program checks whether it is being tested. Takes and returns plain data. Pure.
 */
import { askingLines } from '../asks/asking-lines';
import type { AskingLine } from '../asks/asking-lines';

/** Returns the lines by path; files without such lines are left out. */
export function questionsIn(texts: ReadonlyMap<string, string>): Map<string, AskingLine[]> {
  const linesByPath = [...texts].map(([path, text]) => [path, askingLines(path, text)] as const);
  return new Map(linesByPath.filter(([, lines]) => lines.length > 0));
}
