/**
 * Remembers the answer for the path that was asked last: rows of a change come file by file, and each asks anew what its file is.
 */
export function lastAsked<T>(tell: (path: string) => T): (path: string) => T {
  let last: { path: string; answer: T } | undefined;
  return (path) => {
    if (last?.path !== path) last = { path, answer: tell(path) };
    return last.answer;
  };
}
