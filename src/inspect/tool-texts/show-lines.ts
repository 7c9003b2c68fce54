/**
 * Shows a page of a text to the model: lines with their numbers, or a part of one long line. Pure.
 */
import { countLineEnds } from '../text-bytes';
import { callOf, columnsOf, count, counted, LINE_CHARS, linesOf, numbered, page, READ_LINES } from './show';

/** Texts up to this length are processed so fast that no thread is needed. */
export const AT_ONCE_CHARS = 256 * 1024;

function bareText(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/** Describes what the shown lines do not show: the byte order mark and the line ends. */
function aboutEnds(text: string): string {
  const { crlf, lf } = countLineEnds(text);
  const mark = text.startsWith('\ufeff') ? ', with a byte order mark' : '';
  const ends = crlf === 0 ? '' : lf === 0 ? ', lines end in CRLF' : ', some lines end in CRLF';
  const last = text === '' || text.endsWith('\n') ? '' : ', the last line has no end';
  return mark + ends + last;
}

type ToolOutput = { output: string };
type Position = { from: number; lines?: number | null | undefined; column?: number };

export interface Shown {
  name: string;
  text: string;
  about: string;
  /** The tool and the first members of its input, for the suggested calls that show the rest. */
  tool: 'read' | 'result';
  place: Record<string, string>;
  /** True: describe the line ends and the byte order mark. */
  isFile?: true;
  from?: number | null | undefined;
  lines?: number | null | undefined;
  column?: number | null | undefined;
}

export function showLines({ name, text: given, about: said, tool, place, isFile, ...asked }: Shown): ToolOutput {
  const call = (at: Position): string => callOf(tool, { ...place, ...at });
  const text = isFile === true ? bareText(given) : given;
  const about = `(${said}${isFile === true ? aboutEnds(given) : ''})`;
  const all = linesOf(text);
  const start = asked.from ?? 1;
  if (start > Math.max(1, all.length)) return errorOutput(`${name} has only ${counted(all.length, 'line')}`);
  if (all.length === 0) return { output: `${name}: lines 0 to 0 of 0 ${about}` };
  if (asked.column != null)
    return showColumns({ name, about, call, line: all[start - 1] ?? '', number: start, column: asked.column });
  const cut = (first: number, last: number): string[] => {
    const long = all.slice(first - 1, last).findIndex((line) => line.length > LINE_CHARS) + first;
    if (long < first) return [];
    return [
      `lines of more than ${count(LINE_CHARS)} characters are cut: ${call({ from: long, column: LINE_CHARS + 1 })}`,
    ];
  };
  return {
    output: page({
      ...{ rows: all, show: numbered, from: start, most: asked.lines ?? READ_LINES },
      head: (first, last) => `${name}: lines ${count(first)} to ${count(last)} of ${count(all.length)} ${about}`,
      rest: (next) =>
        `lines ${count(next)} to ${count(all.length)} are left out: ${call({ from: next, lines: asked.lines })}`,
      notes: cut,
    }),
  };
}

interface ShownColumns extends Pick<Shown, 'name' | 'about'> {
  call: (at: Position) => string;
  line: string;
  number: number;
  column: number;
}

function showColumns({ name, about, call, line, number, column }: ShownColumns): ToolOutput {
  if (column > Math.max(1, line.length))
    return errorOutput(`line ${number} has only ${counted(line.length, 'character')}`);
  const { from: first, next, text } = columnsOf(line, column);
  const span = `characters ${count(first)} to ${count(next - 1)} of ${count(line.length)}`;
  const rest =
    next > line.length
      ? ''
      : `\n[characters ${count(next)} to ${count(line.length)} are left out: ${call({ from: number, column: next })}]`;
  return { output: `${name}: line ${count(number)}, ${span} ${about}\n${number}\t${text}${rest}` };
}

function errorOutput(reason: string): ToolOutput {
  return { output: `error: ${reason}` };
}
