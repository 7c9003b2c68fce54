/**
 * Explains why the text to replace was not found, so that the model can correct it. Pure, and linear in the text.
 */
import { cutText } from '../../domain/text';

const SHOWN_CHARS = 400;
/** How many places are compared line by line; further places are skipped. */
const MAX_TRIES = 1_000;
/** How many lines of the file and of the missing text are compared. */
const COMPARED = { lines: 200_000, wanted: 200 };

/** Returns one sentence without a full stop. */
export function explainMissing(text: string, old: string): string {
  const missing = 'old does not stand in the file';
  if (/^\s*\d+\t/.test(old)) {
    const bare = old.replace(/^[^\S\n]*\d+\t/gm, '');
    if (text.replaceAll('\r\n', '\n').includes(bare))
      return `${missing}; without the line numbers that read shows it does`;
  }
  const lines = text.split('\n');
  const wanted = old.split('\n', COMPARED.wanted).map(bareOf);
  const near = nearLine(lines.slice(0, COMPARED.lines).map(bareOf), wanted);
  if (near !== undefined) {
    const shown = cutText(
      lines
        .slice(near, near + wanted.length)
        .join('\n')
        .replaceAll('\r\n', '\n'),
      SHOWN_CHARS,
    );
    return `${missing}; from line ${near + 1} on only white space differs: ${JSON.stringify(shown)}`;
  }
  const first = old.split('\n').find((line) => line.trim() !== '');
  const at = first === undefined ? -1 : lines.findIndex((line) => line.includes(first));
  if (at === -1) return `${missing}; read it first, and give the text exactly`;
  return `${missing}; its first line stands in line ${at + 1}, but what follows differs: read from there`;
}

const bareOf = (line: string): string => line.replace(/\s+/g, '');

/** Finds the wanted lines, ignoring white space. The first and the last wanted line may each be only a part of a line. */
function nearLine(lines: string[], wanted: string[]): number | undefined {
  const [first = '', ...rest] = wanted;
  const last = rest.pop();
  if (wanted.every((line) => line === '')) return undefined;
  let tries = 0;
  for (const [at, line] of lines.entries()) {
    if (last === undefined ? line.includes(first) : line.endsWith(first)) {
      if (last === undefined) return at;
      tries += 1;
      const isSame = rest.every((one, index) => lines[at + 1 + index] === one);
      if (isSame && lines[at + 1 + rest.length]?.startsWith(last)) return at;
    }
    if (tries > MAX_TRIES) return undefined;
  }
  return undefined;
}
