/**
 * The timeline: one line an attempt, written when it ends; on a terminal the one at hand lives below, with its seconds.
 */
import { secondsOf } from './attempts';
import type { Attempt } from './attempts';
import type { Screen } from './screen';

const TICK_MS = 80;
/** Before the notes: mark, phase, role, attempt, seconds. */
const HEAD_CHARS = 61;
/** With less room than this beside the head, notes stand below it. */
const NOTES_MIN_CHARS = 40;
const NOTES_LINES = 3;

export interface Timeline {
  update(attempts: Attempt[], doing: string): void;
  stop(): void;
}

export function createTimeline(screen: Screen): Timeline {
  let attempts: Attempt[] = [];
  let doing = '';
  let written = 0;
  let tick = 0;
  const draw = (): void => {
    const current = attempts.at(-1);
    const isGoing = current !== undefined && current.endedAt === null;
    screen.live(isGoing ? goingLine(screen, current, { doing, tick: tick++ }) : '');
  };
  const timer = screen.isLive ? setInterval(draw, TICK_MS) : undefined;
  return {
    update(now, what) {
      [attempts, doing] = [now, what];
      const ended = attempts.slice(written).filter(({ endedAt }) => endedAt !== null);
      written += ended.length;
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

function goingLine(screen: Screen, attempt: Attempt, { doing, tick }: { doing: string; tick: number }): string {
  const { spinner, ellipsis } = screen.marks;
  const room = screen.columns() - HEAD_CHARS - 1;
  const what = doing.length > room ? `${doing.slice(0, Math.max(0, room - ellipsis.length))}${ellipsis}` : doing;
  // A narrow terminal gets no notes, and no more of the head than fits.
  if (room < 10) return headOf(attempt, spinner[tick % spinner.length] as string).slice(0, screen.columns() - 1);
  const head = headOf(attempt, screen.paint('cyan', spinner[tick % spinner.length] as string));
  return `${head}${screen.paint('dim', what)}`;
}

function endedLines(screen: Screen, attempt: Attempt): string[] {
  const colour = ({ none: 'dim', done: 'green', back: 'yellow', failed: 'red' } as const)[attempt.end];
  const { done, back, failed } = screen.marks;
  const mark = { none: ' ', done, back, failed }[attempt.end];
  const beside = screen.columns() - HEAD_CHARS - 1;
  const indent = beside < NOTES_MIN_CHARS ? 6 : HEAD_CHARS;
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

/** At spaces; what does not fit into the lines there are ends in an ellipsis. */
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
