/**
 * The end of a log as a message shows it: without colours, and without lines that only say how far a program is. Pure.
 */
const LINES = 20;
const CHARS = 2_000;
const PROGRESS =
  /^(?:Progress: |npm (?:http|timing|verb|silly) |\s*\d+ ?%|Download(?:ing|ed) from |\[?[#=>. -]{10,}\]?\s*\d*%?$)/;

export function lastLines(log: string): string {
  const plain = log
    .slice(-100 * CHARS)
    .replace(/\u001b\[[\d;?]*[A-Za-z]/g, '')
    .replace(/[^\r\n]*\r(?!\n)/g, '');
  const lines = plain
    .trimEnd()
    .split('\n')
    .filter((line) => !PROGRESS.test(line));
  const text = lines.slice(-LINES).join('\n');
  return text.length <= CHARS ? text : `…${text.slice(-CHARS)}`;
}
