/**
 * Finds C and C++ macros with the name of a function: tests that include the header run the macro, while programs that
 * load the library run the function. Pure.
 */
import type { DeliveredFact } from '../../../domain/delivered';
import { changedPaths, freshLines, isForTests, linesOf } from '../tree';
import type { DeliveredTree } from '../tree';

const C_FILE = /\.(?:c|cc|cpp|cxx|h|hh|hpp|hxx|inl|ipp)$/i;
const MACRO = /^\s{0,20}#\s{0,9}define\s{1,9}([A-Za-z_]\w{0,100})\(([^)]{0,200})\)\s{0,9}(.{0,500})$/;
const MAX_MACRO_LINES = 20;

export function findShadowingMacros(tree: DeliveredTree): DeliveredFact[] {
  return changedPaths(tree)
    .filter((path) => C_FILE.test(path) && !isForTests(path))
    .flatMap((path) => {
      const rows = linesOf(tree.after.get(path) ?? '');
      return freshLines(tree, path).flatMap(({ line, text }): DeliveredFact[] => {
        const [, name, , first = ''] = MACRO.exec(text) ?? [];
        if (name === undefined) return [];
        const body = bodyAt(rows, line - 1, first);
        // A macro that calls the function itself or only annotates it changes nothing.
        if (body.trim() === '' || body.includes(name) || /__attribute__|_Static_assert|static_assert/.test(body))
          return [];
        const declarer = declarerOf(tree, name);
        if (declarer === undefined) return [];
        const what = `answers for the function ${name} of ${declarer} by a macro: tests see the macro, and a program that loads the library gets the function; change the function itself`;
        return [{ path, line, what, text }];
      });
    });
}

function bodyAt(rows: readonly string[], at: number, first: string): string {
  const body = [first];
  for (let row = at; /\\\s*$/.test(rows[row] ?? '') && row - at < MAX_MACRO_LINES; row += 1)
    body.push(rows[row + 1] ?? '');
  return body.join(' ').replace(/\\/g, '');
}

/** Returns a file that declares or defines the function at the start of a line. */
function declarerOf({ after }: DeliveredTree, name: string): string | undefined {
  const shape = new RegExp(
    `^(?:extern\\s+"C"\\s+)?(?!static\\b|return\\b|else\\b|typedef\\b|#)[A-Za-z_][\\w:<>,*& ]{0,120}[\\s*&]${name}\\s{0,3}\\([^;{}]{0,300}(?:\\)|,)[\\w ]{0,40}[;{]?\\s*$`,
  );
  for (const [path, text] of after)
    if (C_FILE.test(path) && text.includes(name) && linesOf(text).some((row) => row.length < 500 && shape.test(row)))
      return path;
  return undefined;
}
