/**
 * Returns the end of a log for a message, without colours and progress lines. Pure.
 */
const MAX_LINES = 20;
const MAX_CHARS = 2_000;
// No two neighbouring repetitions of the pattern accept the same character, so that matching stays linear for any text.
const PROGRESS =
  /^(?:Progress: |npm (?:http|timing|verb|silly) |\s*\d+ ?%|Download(?:ing|ed) from |\[?[#=>.\s-]{10,}(?:\]\s*)?\d*%?$)/;

export function lastLines(log: string): string {
  const plain = log.slice(-100 * MAX_CHARS).replace(/\u001b\[[\d;?]*[A-Za-z]/g, '');
  const lines = plain
    .trimEnd()
    .split('\n')
    .map(visiblePart)
    .filter((line) => !PROGRESS.test(line));
  const text = lines.slice(-MAX_LINES).join('\n');
  return text.length <= MAX_CHARS ? text : `…${text.slice(-MAX_CHARS)}`;
}

/** Returns what a terminal shows of a line: a carriage return restarts the line, unless it is at the end of the line. */
function visiblePart(line: string): string {
  let end = line.length;
  while (line[end - 1] === '\r') end -= 1;
  const text = line.slice(0, end);
  return text.slice(text.lastIndexOf('\r') + 1);
}
