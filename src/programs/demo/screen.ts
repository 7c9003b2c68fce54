/**
 * Where the demonstration writes: lines that stay, and on a terminal one line that lives below them.
 *
 * Piped, or with NO_COLOR: plain lines and no escape code at all.
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
const SIGNS: Marks = { done: '✓', back: '↩', failed: '✗', ellipsis: '…', spinner: [...'⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'] };
const ASCII: Marks = { done: '+', back: '<', failed: 'x', ellipsis: '...', spinner: [...'|/-\\'] };

export interface Screen {
  isLive: boolean;
  /** Infinite where lines need not be cut. */
  columns(): number;
  marks: Marks;
  paint(colour: Colour, text: string): string;
  line(text?: string): void;
  /** Replaces the living line; '' takes it away. It must fit into `columns`. Nothing happens where there is no terminal. */
  live(text: string): void;
}

export function createScreen(out: NodeJS.WriteStream = process.stdout): Screen {
  const isLive = out.isTTY && out.hasColors();
  let living = '';
  const show = (text: string): void => {
    // The cursor is away while a line lives, so that it does not flicker at its end.
    out.write(`\r\x1b[2K${text === '' ? '\x1b[?25h' : `\x1b[?25l${text}`}`);
    living = text;
  };
  // However the program ends, the terminal has its cursor back.
  if (isLive) process.once('exit', () => living === '' || show(''));
  return {
    isLive,
    columns: () => (isLive ? (out.columns ?? 80) : Infinity),
    marks: isLive && speaksUtf8() ? SIGNS : ASCII,
    // What `out` can show was asked above; later Node versions would ask stdout again.
    paint: (colour, text) => (isLive ? styleText(colour, text, { validateStream: false }) : text),
    line(text = '') {
      const again = living;
      if (again !== '') show('');
      out.write(`${text}\n`);
      if (again !== '') show(again);
    },
    live(text) {
      if (isLive && text !== living) show(text);
    },
  };
}

/** Asked of the system, which knows the rules by which LC_ALL, LC_CTYPE and LANG outrank each other. */
function speaksUtf8(): boolean {
  try {
    return /utf-?8/i.test(
      execFileSync('locale', ['charmap'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    );
  } catch {
    return false;
  }
}
