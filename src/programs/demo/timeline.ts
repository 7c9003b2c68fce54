/**
 * The timeline: one line for each attempt, written when it ends; on a terminal the status line shows the running attempt.
 */
import { secondsOf } from './attempts';
import type { Attempt } from './attempts';
import type { Screen } from './screen';

const REDRAW_MS = 80;
/** The width of mark, phase, role, attempt and seconds, which stand before the notes. */
const HEAD_CHARS = 61;
/** Where fewer characters are left on the line, the notes are written below it. */
const NOTES_MIN_CHARS = 40;
const NOTES_LINES = 3;

export interface Timeline {
  update(attempts: Attempt[], doing: string): void;
  stop(): void;
}

export function createTimeline(screen: Screen): Timeline {
  let attempts: Attempt[] = [];
  let doing = '';
  let writtenCount = 0;
  let tick = 0;
  const draw = (): void => {
    const current = attempts.at(-1);
    const isRunning = current !== undefined && current.endedAt === null;
    screen.live(isRunning ? runningLine(screen, current, { doing, tick: tick++ }) : '');
  };
  const timer = screen.isLive ? setInterval(draw, REDRAW_MS) : undefined;
  return {
    update(newAttempts, newDoing) {
      [attempts, doing] = [newAttempts, newDoing];
      const ended = attempts.slice(writtenCount).filter(({ endedAt }) => endedAt !== null);
      writtenCount += ended.length;
      for (const attempt of ended) {
        screen.live('');
        for (const line of endedLines(screen, attempt)) screen.line(line);
      }
      draw();
    },
    stop() {
      clearInterval(timer);
      screen.live('');
    },
  };
}

function runningLine(screen: Screen, attempt: Attempt, { doing, tick }: { doing: string; tick: number }): string {
  const { spinner, ellipsis } = screen.marks;
  const room = screen.columns() - HEAD_CHARS - 1;
  const task = doing.length > room ? `${doing.slice(0, Math.max(0, room - ellipsis.length))}${ellipsis}` : doing;
  // On a narrow terminal only the beginning of the head is shown.
  if (room < 10) return headOf(attempt, spinner[tick % spinner.length] as string).slice(0, screen.columns() - 1);
  const head = headOf(attempt, screen.paint('cyan', spinner[tick % spinner.length] as string));
  return `${head}${screen.paint('dim', task)}`;
}

function endedLines(screen: Screen, attempt: Attempt): string[] {
  const colour = ({ none: 'dim', done: 'green', back: 'yellow', failed: 'red' } as const)[attempt.end];
  const { done, back, failed } = screen.marks;
  const mark = { none: ' ', done, back, failed }[attempt.end];
  const notesRoom = screen.columns() - HEAD_CHARS - 1;
  const indent = notesRoom < NOTES_MIN_CHARS ? 6 : HEAD_CHARS;
  const width = Math.max(20, screen.columns() - indent - 1);
  const paint = (text: string) => (attempt.end === 'done' ? text : screen.paint(colour, text));
  const notes = wrap(attempt.notes, width, screen.marks).map((line) => `${' '.repeat(indent)}${paint(line)}`);
  const head = headOf(attempt, screen.paint(colour, mark));
  return indent < HEAD_CHARS
    ? [head.trimEnd(), ...notes]
    : [`${head}${notes[0]?.trimStart() ?? ''}`, ...notes.slice(1)];
}

function headOf(attempt: Attempt, mark: string): string {
  const { phase, role, number } = attempt;
  const place = `${phase.padEnd(16)}${role.padEnd(23)}`;
  return `  ${mark} ${place}attempt ${number} ${secondsOf(attempt).padStart(6)}  `;
}

/** Breaks a text at spaces into at most NOTES_LINES lines; a longer text ends in an ellipsis. */
function wrap(text: string, width: number, { ellipsis }: Pick<Screen['marks'], 'ellipsis'>): string[] {
  if (text.length <= width) return [text];
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width && lines.length < NOTES_LINES - 1) {
    const space = rest.lastIndexOf(' ', width);
    const end = space > 0 ? space : width;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return [...lines, rest.length > width ? `${rest.slice(0, width - ellipsis.length)}${ellipsis}` : rest];
}
