/**
 * Lines that ask whether the program is tested, of several texts. Plain data in and out. Pure.
 */
import { askingLines } from '../asks/asking-lines';
import type { AskingLine } from '../asks/asking-lines';

/** By path; only of files that ask. */
export function questionsIn(texts: ReadonlyMap<string, string>): Map<string, AskingLine[]> {
  const all = [...texts].map(([path, text]) => [path, askingLines(path, text)] as const);
  return new Map(all.filter(([, lines]) => lines.length > 0));
}
