/**
 * Reads from texts which tests cite which statements of docs/contract.md. Pure.
 */

/** A call of `verifies`, and whether a test that runs begins on the next line. */
export interface Citation {
  ids: string[];
  line: number;
  standsBeforeTest: boolean;
}

/** Gives the ids of the statements of docs/contract.md, in their order. */
export function statementsIn(document: string): string[] {
  return [...document.matchAll(/^- \[(\d+\.\d+)\] /gm)].map(([, id = '']) => id);
}

/** Gives the features that the document marks as not built yet: the names in backquotes after the mark, on the same line. */
export function notBuiltIn(document: string): string[] {
  const marks = [...document.matchAll(/^- \[\d+\.\d+\] .*?Not built yet: (.*)$/gm)];
  return [
    ...new Set(marks.flatMap(([, names = '']) => [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name))),
  ];
}

/** Finds calls of `verifies` that are statements; those in comments and strings do not count. */
export function citationsIn(source: string): Citation[] {
  return [...source.matchAll(/^[ \t]*verifies\(([^)]*)\);[ \t]*\n([^\n]*)/gm)].map((call) => ({
    ids: [...(call[1] ?? '').matchAll(/['"`]([^'"`]*)['"`]/g)].map(([, id = '']) => id),
    line: source.slice(0, call.index).split('\n').length,
    standsBeforeTest: /^\s*(?:test|it|describe)(?:\(|\.each[(<])/.test(call[2] ?? ''),
  }));
}
