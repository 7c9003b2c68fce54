/**
 * Writes the demonstration's lines, and on a terminal one status line below them, which is rewritten in place.
 *
 * In a pipe, or with NO_COLOR, it writes lines without escape codes and no status line.
 */
import { execFileSync } from 'node:child_process';
import { styleText } from 'node:util';

type Colour = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

interface Marks {
  done: string;
  back: string;
  failed: string;
  ellipsis: string;
  spinner: string[];
}
const UNICODE: Marks = { done: '✓', back: '↩', failed: '✗', ellipsis: '…', spinner: [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'] };
const ASCII: Marks = { done: '+', back: '<', failed: 'x', ellipsis: '...', spinner: [...'|/-\\'] };

export interface Screen {
  isLive: boolean;
  /** The width of the terminal; infinite without a terminal. */
  columns(): number;
  marks: Marks;
  paint(colour: Colour, text: string): string;
  line(text?: string): void;
  /** Replaces the status line; '' removes it. It must fit into `columns`. Does nothing without a terminal. */
  live(text: string): void;
}

export function createScreen(out: NodeJS.WriteStream = process.stdout): Screen {
  const isLive = out.isTTY && out.hasColors();
  let statusLine = '';
  const show = (text: string): void => {
    // The cursor is hidden while there is a status line, since it would flicker at its end.
    out.write(`\r\x1b[2K${text === '' ? '\x1b[?25h' : `\x1b[?25l${text}`}`);
    statusLine = text;
  };
  // Shows the cursor again, however the program ends.
  if (isLive) process.once('exit', () => statusLine === '' || show(''));
  return {
    isLive,
    columns: () => (isLive ? (out.columns ?? 80) : Infinity),
    marks: isLive && isUtf8Locale() ? UNICODE : ASCII,
    // `out` was checked above; later versions of node would check stdout again.
    paint: (colour, text) => (isLive ? styleText(colour, text, { validateStream: false }) : text),
    line(text = '') {
      const current = statusLine;
      if (current !== '') show('');
      out.write(`${text}\n`);
      if (current !== '') show(current);
    },
    live(text) {
      if (isLive && text !== statusLine) show(text);
    },
  };
}

/** Asks the program `locale`, which knows the precedence of LC_ALL, LC_CTYPE and LANG. */
function isUtf8Locale(): boolean {
  try {
    return /utf-?8/i.test(
      execFileSync('locale', ['charmap'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    );
  } catch {
    return false;
  }
}
